; SPDX-License-Identifier: LGPL-3.0-or-later
; rerun.scm: a recipe that is run again from the menu, or opened in its dialog.

(define (step name)
  (test-pentimento-touch #:path (string-append work-dir "/" name)))

(define image (new-image 300 240 RGB PRECISION-U8-NON-LINEAR))
(define source (add-layer image "picture" 300 240 RGB-IMAGE 0 0))
(gimp-image-set-file image (string-append work-dir "/pentimento-rerun.xcf"))
(gimp-display-new image)
(gimp-displays-flush)

; What no dialog shows by default.
(define result
  (begin
    (select-rectangle image 60 50 40 30)
    (car (vector->list (one
      (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE #:image image
                                 #:drawables (vector source)
                                 #:seed 12345 #:feather 3))))))
(gimp-selection-none image)

(define (recipe-text layer) (caddr (recipe-of layer)))

(test-keep "the dialog has the settings of the recipe, and its selection"
  (step "use-settings")
  (let ((new (car (vector->list (one
               (plug-in-pentimento-use-settings #:run-mode RUN-INTERACTIVE
                                                #:image image
                                                #:drawables
                                                (vector result)))))))
    (check-equal "pixels" (hash-of new) (hash-of result))
    (check-equal "mask" (hash-of (mask-of new)) (hash-of (mask-of result)))
    (check "seed" (contains? (recipe-text new) "\"seed\":12345,"))
    (check-equal "layers" (layers-of image) (list new result source))
    (gimp-image-remove-layer image new)))

(test-keep "Cancel in that dialog changes nothing"
  (step "use-settings-cancel")
  (plug-in-pentimento-use-settings #:run-mode RUN-INTERACTIVE #:image image
                                   #:drawables (vector result))
  (check-equal "layers" (layers-of image) (list result source)))

(test-keep "Rerun asks nothing"
  (let ((new (car (vector->list (one
               (plug-in-pentimento-rerun #:run-mode RUN-INTERACTIVE
                                         #:image image
                                         #:drawables (vector result)))))))
    (check-equal "pixels" (hash-of new) (hash-of result))))
