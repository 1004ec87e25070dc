; SPDX-License-Identifier: LGPL-3.0-or-later
; micro.scm: the dialogs of a user who has installed nothing else;
; micro-keys.sh presses the keys.
; needs Pentimento Micro

(define (step name)
  (test-pentimento-touch #:path (string-append work-dir "/" name)))

(define-macro (ask procedure)
  `(vector->list (one
     (,procedure #:run-mode RUN-INTERACTIVE #:image image
                 #:drawables (vector source)))))

(define image (new-image 256 256 RGB PRECISION-U8-NON-LINEAR))
(define source (add-layer image "picture" 256 256 RGB-IMAGE 0 0))
(gimp-context-set-foreground '(190 30 30))
(gimp-drawable-edit-fill source FILL-FOREGROUND)
(define before (hash-of source))
(gimp-image-set-file image (string-append work-dir "/pentimento-micro.xcf"))
(gimp-image-clean-all image)
(gimp-display-new image)

(define (check-made made)
  (check-equal "one layer" (length made) 1)
  (check "made by Pentimento Micro"
    (contains? (caddr (recipe-of (car made))) "\"pentimento-micro\""))
  (check-equal "source" (hash-of source) before)
  (gimp-image-remove-layer image (car made)))

(test-keep "Generate runs with what comes with Pentimento"
  (step "generate")
  (check-made (ask plug-in-pentimento-generate)))

(test-keep "so does Edit"
  (step "edit")
  (check-made (ask plug-in-pentimento-edit)))
