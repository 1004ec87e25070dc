; SPDX-License-Identifier: LGPL-3.0-or-later
; mock.scm: talks to the server that plays services; for tests that need it.

(define asked 0)
(define (ask-file part)
  (string-append work-dir "/mock-" part "-" (number->string asked)))

(define (read-all path)
  (let* ((port (open-input-file path))
         (text (let loop ((text '()) (c (read-char port)))
                 (if (eof-object? c)
                     (list->string (reverse text))
                     (loop (cons c text) (read-char port))))))
    (close-input-port port)
    text))

; Any request to the control port of the server; its answer.
(define (ask . parts)
  (set! asked (+ asked 1))
  (let ((port (open-output-file (ask-file "ask"))))
    (for-each (lambda (part) (display part port)) parts)
    (newline port)
    (close-output-port port))
  (test-pentimento-touch #:path (ask-file "go"))
  (test-pentimento-wait #:path (ask-file "answer"))
  (read-all (ask-file "answer")))

(define (mock-reset) (ask "post reset {}"))
(define (mock-script . json) (apply ask "post script " json))
(define (mock-requests) (ask "get requests"))
; Nothing was sent that a service would object to, and no key went astray.
(define (check-clean)
  (check-empty "violations")
  (check-empty "leaks"))
(define (check-empty list)
  (let ((text (ask "get " list)))
    (if (not (contains? text "[]")) (fail list ": " text))))
