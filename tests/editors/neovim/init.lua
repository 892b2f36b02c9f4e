vim.lsp.config("batten", {
  cmd = { "batten", "server", "--stdio" },
  filetypes = { "python" },
  root_markers = { "pyproject.toml", "setup.py", ".git" },
})
vim.lsp.enable("batten")
vim.diagnostic.config({ virtual_text = true })
