; SPDX-License-Identifier: LGPL-3.0-or-later
; services.scm: the Script-Fu side of run-ui-tests for the settings.

(define (step name)
  (test-pentimento-touch #:path (string-append work-dir "/" name)))

(define config (string-append work-dir "/user/config.json"))
(define (read-config)
  (let* ((port (open-input-file config))
         (text (let loop ((text '()) (c (read-char port)))
                 (if (eof-object? c)
                     (list->string (reverse text))
                     (loop (cons c text) (read-char port))))))
    (close-input-port port)
    text))

(let ((port (open-output-file config)))
  (display "{\"other\": [1, 2], \"spending\": {\"day\": 40}}" port)
  (close-output-port port))

(test "a limit typed into the settings is kept, with what else is there"
  (step "settings")
  (plug-in-pentimento-settings #:run-mode RUN-INTERACTIVE)
  (let ((text (read-config)))
    (check text (contains? text "\"run\":"))
    (check text (contains? text "5"))
    (check text (contains? text "40"))
    (check text (contains? text "\"other\":"))))

(define picture (new-image 300 240 RGB PRECISION-U8-NON-LINEAR))
(add-layer picture "picture" 300 240 RGB-IMAGE 0 0)

(test-keep "generate shows the models of services"
  (step "generate")
  (plug-in-pentimento-generate #:run-mode RUN-INTERACTIVE #:image picture
                               #:drawables (list->vector (layers-of picture))
                               #:model "flux_schnell"
                               #:prompt "a red boat"))
