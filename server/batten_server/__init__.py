"""The language server: pygls carries the protocol, `batten.analysis` knows the answers.

One file per LSP feature, each a thin layer; `server` puts them together and `command` starts it.
"""
