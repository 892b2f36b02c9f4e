" A person works in Vim with ALE: waits for diagnostics, takes the fix of the first one, saves, then
" fixes all, saves.
"
" Environment: REPORT  the file that is written: what was seen, as JSON
"              FIX     the title of the fix that is taken for the first finding
"              LEFT    how many findings no fix is made for

let s:longest_ms = 60000
let s:report = {'seen': []}

function! s:Findings() abort
  return copy(ale#engine#GetLoclist(bufnr('')))
endfunction

function! s:Until(what, condition) abort
  for _ in range(s:longest_ms / 20)
    if a:condition() | return | endif
    sleep 20m
  endfor
  throw 'not in time: ' . a:what
endfunction

" What a person would type when asked which action: the number of the one that is wanted.
runtime autoload/ale/util.vim
function! ale#util#Input(message, value) abort
  for line in split(a:message, "\n")
    if line[stridx(line, ') ') + 2 :] ==# $FIX | return matchstr(line, '^\d\+') | endif
  endfor
  throw 'not offered: ' . a:message
endfunction

function! s:Change(command) abort
  let before = b:changedtick
  execute a:command
  call s:Until('the edit of ' . a:command, {-> b:changedtick != before})
  doautocmd TextChanged " without a screen Vim does not tell it by itself
endfunction

function! s:Work() abort
  call s:Until('findings', {-> len(s:Findings()) > 0})
  let found = s:Findings()
  for each in found
    let text = getline(each.lnum)[each.col - 1 : each.end_col - 1]
    call add(s:report.seen, {'line': each.lnum, 'text': text, 'message': each.text})
  endfor
  call cursor(found[0].lnum, found[0].col)
  call s:Change('ALECodeAction')
  call s:Until('one finding less', {-> len(s:Findings()) == len(found) - 1})
  silent write
  let s:report.fixed = join(readfile(expand('%:p')), "\n") . "\n"
  call s:Change('ALEFix')
  call s:Until('as few findings as can be', {-> len(s:Findings()) == str2nr($LEFT)})
  silent write
endfunction

try
  call s:Work()
catch
  let s:report.problem = v:exception . ' at ' . v:throwpoint
endtry
call writefile([json_encode(s:report)], $REPORT)
execute has_key(s:report, 'problem') ? 'cquit' : 'qall!'
