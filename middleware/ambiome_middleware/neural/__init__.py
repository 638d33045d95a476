"""Language two, learned: token frames → acoustic tokens of EnCodec → samples."""
