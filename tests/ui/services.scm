; SPDX-License-Identifier: LGPL-3.0-or-later
; services.scm: the Script-Fu side of run-ui-tests for the settings.
; needs the mock server
; needs a keyring

(define (step name)
  (test-pentimento-touch #:path (string-append work-dir "/" name)))

(define (read-all path)
  (let* ((port (open-input-file path))
         (text (let loop ((text '()) (c (read-char port)))
                 (if (eof-object? c)
                     (list->string (reverse text))
                     (loop (cons c text) (read-char port))))))
    (close-input-port port)
    text))

(define config (string-append work-dir "/user/config.json"))
(let ((port (open-output-file config)))
  (display "{\"other\": [1, 2], \"spending\": {\"day\": 40}}" port)
  (close-output-port port))

(test "a limit typed into the settings is kept, with what else is there"
  (step "settings")
  (plug-in-pentimento-settings #:run-mode RUN-INTERACTIVE)
  (let ((text (read-all config)))
    (check text (contains? text "\"run\":"))
    (check text (contains? text "5"))
    (check text (contains? text "40"))
    (check text (contains? text "\"history\":"))
    (check text (contains? text "false"))
    (check text (contains? text "\"threads\":"))
    (check text (contains? text "2048"))
    (check text (contains? text "\"other\":"))))

(define picture (new-image 300 240 RGB PRECISION-U8-NON-LINEAR))
(add-layer picture "picture" 300 240 RGB-IMAGE 0 0)

(define (settings) (plug-in-pentimento-settings #:run-mode RUN-INTERACTIVE))
(define (generate)
  (vector->list (one
    (plug-in-pentimento-generate #:run-mode RUN-NONINTERACTIVE #:image picture
                                 #:drawables #() #:prompt "a red boat"
                                 #:model "flux_schnell" #:provider "fal"))))
(define (has-address? part)
  (contains? (read-all (string-append work-dir "/user/providers.json")) part))

(test-keep "without a key nothing runs"
  (check-fails-with "no key" (generate)))

(test-keep "a key typed into the settings is used by runs"
  (step "save-key")
  (settings)
  (check-equal "number of layers" (length (generate)) 1))

(test-keep "at another address, saved in the settings, the key is not used"
  (check "the old address" (not (has-address? "127.0.0.1:9/fal")))
  (step "save-address")
  (settings)
  (check "the new address" (has-address? "127.0.0.1:9/fal"))
  (check-fails-with "no key" (generate)))

(test-keep "back at the old address it is used again"
  (step "old-address")
  (settings)
  (check-equal "number of layers" (length (generate)) 1))

(test-keep "a key forgotten in the settings is gone"
  (step "forget-key")
  (settings)
  (check-fails-with "no key" (generate)))

(test-keep "generate shows the models of services"
  (step "generate")
  (plug-in-pentimento-generate #:run-mode RUN-INTERACTIVE #:image picture
                               #:drawables (list->vector (layers-of picture))
                               #:model "flux_schnell"
                               #:prompt "a red boat"))
