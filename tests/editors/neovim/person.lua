-- A person works in Neovim: waits for diagnostics, takes the preferred fix of the first one, then
-- fixes all, saves. Works from 0.7 on.
--
-- Environment: REPORT  the file that is written: what was seen, as JSON
--              FIX     the title of the fix that is taken for the first finding
--              LEFT    how many findings no fix is made for

local LONGEST_MS = 60000
local report = { seen = {} }

local function leave(problem)
  report.problem = problem
  vim.fn.writefile({ vim.fn.json_encode(report) }, vim.env.REPORT)
  vim.cmd(problem and "cquit 1" or "qall!")
end

local function until_true(what, look)
  if not vim.wait(LONGEST_MS, look, 20) then error("not in time: " .. what, 0) end
end

-- What a menu of several actions offers; the wish decides what is taken.
local wish
vim.ui.select = function(items, _, chosen)
  for index, item in ipairs(items) do
    local action = item.action or item[2]
    if wish(action) then return chosen(item, index) end
  end
  error("the menu does not offer what is wanted", 0)
end

local function take(kind, wanted)
  local before = vim.api.nvim_buf_get_changedtick(0)
  local left = #vim.diagnostic.get(0)
  wish = wanted
  local context = { only = { kind } }
  if vim.fn.has("nvim-0.8") == 1 then
    vim.lsp.buf.code_action({ context = context, apply = true })
  else
    vim.lsp.buf.code_action(context)
  end
  until_true("the edit", function() return vim.api.nvim_buf_get_changedtick(0) ~= before end)
  until_true("fewer findings", function() return #vim.diagnostic.get(0) < left end)
end

local function work()
  until_true("findings", function() return #vim.diagnostic.get(0) > 0 end)
  local found = vim.diagnostic.get(0)
  table.sort(found, function(a, b) return a.lnum < b.lnum or (a.lnum == b.lnum and a.col < b.col) end)
  for _, each in ipairs(found) do
    local line = vim.fn.getline(each.lnum + 1)
    local text = line:sub(each.col + 1, each.end_col)
    table.insert(report.seen, { line = each.lnum + 1, text = text, message = each.message })
  end
  vim.api.nvim_win_set_cursor(0, { found[1].lnum + 1, found[1].col })
  take("quickfix", function(action) return action.title == vim.env.FIX end)
  vim.cmd("silent write")
  report.fixed = table.concat(vim.fn.readfile(vim.fn.expand("%:p")), "\n") .. "\n"
  take("source.fixAll", function() return true end)
  vim.cmd("silent write")
  local left = tonumber(vim.env.LEFT)
  until_true("as few findings as can be", function() return #vim.diagnostic.get(0) == left end)
end

-- After an error Neovim without a screen would stay for ever.
local fine, problem = pcall(work)
leave(not fine and tostring(problem) or nil)
