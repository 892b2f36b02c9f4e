vim.api.nvim_create_autocmd("FileType", {
  pattern = "python",
  callback = function(event)
    local start = vim.lsp.start or function(config) -- 0.7 has no start
      vim.lsp.buf_attach_client(event.buf, vim.lsp.start_client(config))
    end
    start({
      name = "batten",
      cmd = { "batten", "server", "--stdio" },
      root_dir = vim.fn.fnamemodify(event.match, ":p:h"),
    })
  end,
})
