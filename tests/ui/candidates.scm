; SPDX-License-Identifier: LGPL-3.0-or-later
; candidates.scm: windows that make candidates and insert them;
; candidates-keys.sh presses the keys.

(define (step name)
  (test-pentimento-touch #:path (string-append work-dir "/" name)))

(define (new-picture name)
  (let* ((image (new-image 300 240 RGB PRECISION-U8-NON-LINEAR))
         (layer (add-layer image "picture" 300 240 RGB-IMAGE 0 0)))
    (select-rectangle image 120 90 40 30)
    (gimp-image-set-file image
                         (string-append work-dir "/pentimento-" name ".xcf"))
    (gimp-image-clean-all image)
    (gimp-display-new image)
    (gimp-displays-flush)
    image))

(define (ask-remove image source)
  (vector->list (one
    (plug-in-pentimento-remove #:run-mode RUN-INTERACTIVE #:image image
                               #:drawables (vector source) #:count 3
                               #:seed 1000))))

(test-keep "all candidates are one group, and one undo step"
  (let* ((image (new-picture "all"))
         (source (first-layer image))
         (before (hash-of source)))
    (step "all")
    (check-equal "layers" (length (ask-remove image source)) 3)
    (check-equal "group" (length (layers-of image)) 2)
    (step "undo-all")
    (test-pentimento-wait #:path (string-append work-dir "/all-undone"))
    (check-equal "layers" (layers-of image) (list source))
    (check-equal "pixels" (hash-of source) before)))

(test-keep "where the layer went away, the result goes on top"
  (let* ((image (new-picture "layer"))
         (source (first-layer image))
         (other (add-layer image "other" 300 240 RGBA-IMAGE 0 0)))
    (gimp-image-set-selected-layers image (vector source))
    (gimp-displays-flush)
    (step "layer-gone")
    (let ((new (ask-remove image source)))
      (check-equal "layers" (layers-of image) (append new (list other)))
      (check "seed" (contains? (caddr (recipe-of (car new)))
                               "\"seed\":1001,")))))

; Called by the user, in the window of the picture.
(test-keep "where the picture was closed, the window says so"
  (let* ((image (new-picture "closed"))
         (source (first-layer image)))
    (gimp-image-set-selected-layers image (vector source))
    (step "picture-gone")
    (test-pentimento-wait #:path (string-append work-dir "/picture-closed"))
    (check "picture" (not (one (gimp-image-id-is-valid image))))))

; As test-golden, and the images stay.
(define-macro (keep-golden name . body)
  `(if (string=? golden-dir "")
       (test-golden ,name ,@body)
       (run-body ,name (lambda () ,@body))))

(if (string=? golden-dir "")
    (step "no-golden")
    (let ((folder (string-append work-dir "/user/models/checkpoints")))
      (test-pentimento-make-folder #:path folder)
      (test-pentimento-copy
        #:from (checkpoint "sd15_tiny.safetensors")
        #:to (string-append folder "/painter.safetensors"))))

(keep-golden "one is inserted and undone, and another made in the same window"
  (let* ((image (new-picture "again"))
         (source (first-layer image)))
    (step "again")
    (let* ((new (vector->list (one
             (plug-in-pentimento-generate #:run-mode RUN-INTERACTIVE
                                          #:image image
                                          #:drawables (vector source)
                                          #:prompt "a red jacket"
                                          #:width 64 #:height 48
                                          #:count 2 #:seed 1000))))
           (recipe (caddr (recipe-of (car new)))))
      (check-equal "layers" (layers-of image) (append new (list source)))
      (check "prompt" (contains? recipe "\"a blue boat\""))
      (check "seed" (contains? recipe "\"seed\":1001,")))))
