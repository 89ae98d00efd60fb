#!/bin/sh
# Runs a program of go's, as go itself would, and writes how it ended to a file, since go test does not tell that.
ending=$1
shift
"$@"
code=$?
echo "$code" > "$ending"
exit "$code"
