@tool
extends EditorPlugin
## Puts the addon on the editor's list of plugins. The nodes are there by their class names alone.
