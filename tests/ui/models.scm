; SPDX-License-Identifier: LGPL-3.0-or-later
; models.scm: the window of the models; models-keys.sh looks at the files.

(define (step name)
  (test-pentimento-touch #:path (string-append work-dir "/" name)))

(define (models) (plug-in-pentimento-models #:run-mode RUN-INTERACTIVE))

(test-keep "a download is paused, gone on with, and removed again"
  (step "download")
  (check "models" (member "patch-fill" (car (models)))))

(test-keep "a file of one's own is added; folders of others are used"
  (step "add")
  (models))

(test-keep "closing the window stops a download, after a question"
  (step "close")
  (models))
