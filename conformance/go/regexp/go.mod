module ashlar.dev/conformance/regexp

go 1.26
