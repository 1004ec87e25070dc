; SPDX-License-Identifier: LGPL-3.0-or-later
; test-expand-prompt.scm: plug-in-pentimento-expand on tiny checkpoints.

(define-macro (expand image model . arguments)
  `(call-prompted plug-in-pentimento-expand ,image
                  (list (car (reverse (layers-of ,image)))) ,model
                  #:prompt "a red jacket" ,@arguments))

(define (check-expand model)
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (before (one (gimp-image-duplicate image)))
         (source-before (hash-of source))
         (new (expand image model #:left 24 #:bottom 16 #:seed 3
                      #:context 8)))
    (check-equal "canvas" (size-of-image image) '(120 96))
    (check-equal "source" (gimp-drawable-get-offsets source) '(24 0))
    (check-equal "source pixels" (hash-of source) source-before)
    (check-equal "layers" (layers-of image) (list (car new) source))
    (check-equal "mask of what is new" (mask-range (car new) 0 0 24 96)
                 '(1.0 1.0))
    (check-only-inside-changed before image 24 0)))

(test-golden "with a checkpoint for pictures"
  (check-expand generator))

(test-golden "with a checkpoint for inpainting"
  (check-expand inpainter))

(test-golden "only the layer grows"
  (let* ((image (new-rgb-picture))
         (new (expand image inpainter #:right 16 #:scope "layer")))
    (check-equal "canvas" (size-of-image image) '(96 80))
    (check-equal "mask of what is new" (mask-range (car new) 96 0 16 80)
                 '(1.0 1.0))))

(test-golden "a prompt chooses the user's checkpoint, none the patch fill"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (folder (string-append work-dir "/user/models/checkpoints")))
    (test-pentimento-make-folder #:path folder)
    (test-pentimento-copy #:from inpainter
                          #:to (string-append folder "/painter.safetensors"))
    (let* ((prompted (car (expand image "" #:right 16)))
           (plain (car (vector->list (one
             (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE
                                        #:image image
                                        #:drawables (vector source)
                                        #:right 16))))))
      (check "with a prompt" (contains? (caddr (recipe-of prompted))
                                        "\"checkpoint-painter\""))
      (check "without" (contains? (caddr (recipe-of plain))
                                  "\"patch-fill\"")))))
