extends RefCounted
## The protocol's numbers that a client needs (protocol/SPEC.md, "Limits" and "Audio").

const VERSION := "1.0"
const STEPS_PER_S := 25
const STEP_SAMPLES := 1920
const SAMPLE_RATE_HZ := 48000
const CHANNELS := 2

## A client's message, whole, in bytes.
const MAX_CLIENT_MESSAGE_BYTES := 16384
## The first part of a server's message, in bytes; no part of audio is larger.
const MAX_SERVER_MESSAGE_BYTES := 262144
const MAX_BINARY_BYTES := 16
const MAX_DEPTH := 8
const MAX_COUNT := 9007199254740991
const MAX_OUTSTANDING_STEPS := 25

## What a map, an array and a string of the server's messages may hold.
const OF_SERVER := {"bytes": MAX_SERVER_MESSAGE_BYTES, "map": 256, "array": 256, "string": 4096}
## The same of a client's messages.
const OF_CLIENT := {"bytes": MAX_CLIENT_MESSAGE_BYTES, "map": 32, "array": 64, "string": 1024}
