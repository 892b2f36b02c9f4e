;;; person.el --- A person works in Emacs with Eglot  -*- lexical-binding: t -*-
;; Waits for diagnostics, takes the fix of the first one, fixes all, saves.
;; Environment: TARGET  the file to open
;;              FIX     the title of the fix that is taken for the first finding
;;              LEFT    how many findings no fix is made for

(require 'package)
(package-initialize)
(require 'eglot)
(require 'flymake)
(load (expand-file-name "init.el" (file-name-directory load-file-name)))

(defconst longest 60 "Seconds that anything may take.")

(setq make-backup-files nil
      create-lockfiles nil
      eglot-sync-connect longest
      eglot-connect-timeout longest
      eglot-send-changes-idle-time 0 ; nothing is ever idle in a batch
      eglot-confirm-server-initiated-edits nil)

(defun findings ()
  "Return what Flymake shows, in order; asked for, as no timer runs in a batch."
  (flymake-start nil t)
  (sort (flymake-diagnostics)
        (lambda (one other) (< (flymake-diagnostic-beg one) (flymake-diagnostic-beg other)))))

(defun wait-until (what condition)
  "Let processes go on until CONDITION returns non-nil; WHAT names it."
  (with-timeout (longest (error "Not in time: %s" what))
    (while (not (funcall condition))
      (accept-process-output nil 0.02))))

(defun take (kind title begin end)
  "Take the action of KIND that is called TITLE, or the only one, between BEGIN and END."
  (cl-letf ((last-nonmenu-event ?\r) ; asked for by a key: Eglot reads a title, and shows no menu
            ((symbol-function 'completing-read)
             (lambda (_prompt choices &rest _)
               (or (car (member title (all-completions "" choices)))
                   (error "Not offered: %s" title)))))
    (eglot-code-actions begin end kind t))
  (eglot--signal-textDocument/didChange))

(defun work ()
  "Do all of it, and print what was seen."
  (find-file (getenv "TARGET"))
  (apply #'eglot (eglot--guess-contact))
  (flymake-mode 1)
  (wait-until "findings" #'findings)
  (let* ((found (findings)) (first (car found)) (count (length found)))
    (dolist (each found)
      (let ((begin (flymake-diagnostic-beg each)))
        (princ (format "seen %d %s\n" (line-number-at-pos begin)
                       (buffer-substring-no-properties begin (flymake-diagnostic-end each))))
        (princ (format "told %s\n" (flymake-diagnostic-text each)))))
    (take "quickfix" (getenv "FIX") (flymake-diagnostic-beg first) (flymake-diagnostic-end first))
    (wait-until "one finding less" (lambda () (= (length (findings)) (1- count))))
    (save-buffer)
    (copy-file (getenv "TARGET") (concat (getenv "TARGET") ".fixed"))
    (take "source.fixAll.batten" nil (point-min) (point-max))
    (wait-until "as few findings as can be"
                (lambda () (= (length (findings)) (string-to-number (getenv "LEFT")))))
    (save-buffer)))

(let ((code 0))
  (condition-case problem
      (work)
    (error (princ (format "problem: %S\n" problem)) (setq code 1)))
  (ignore-errors (eglot-shutdown (eglot-current-server) nil 3))
  (kill-emacs code))
