; SPDX-License-Identifier: LGPL-3.0-or-later
; prompts.scm: the dialogs of the operations that take a prompt; prompts-keys.sh
; presses the keys.

(define (step name)
  (test-pentimento-touch #:path (string-append work-dir "/" name)))

(define image (new-image 300 240 RGB PRECISION-U8-NON-LINEAR))
(define source (add-layer image "picture" 300 240 RGB-IMAGE 0 0))

(test-keep "without a checkpoint the dialog says where to put one; no OK"
  (step "generate-none")
  (plug-in-pentimento-generate #:run-mode RUN-INTERACTIVE #:image image
                               #:drawables (vector source))
  (check-equal "layers" (layers-of image) (list source)))

(test-keep "Expand with a prompt and no checkpoint says so"
  (step "expand-none")
  (plug-in-pentimento-expand #:run-mode RUN-INTERACTIVE #:image image
                             #:drawables (vector source))
  (check-equal "layers" (layers-of image) (list source)))
