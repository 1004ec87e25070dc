; SPDX-License-Identifier: LGPL-3.0-or-later
; faces.scm: the dialogs of faces and subjects.

(define (step name)
  (test-pentimento-touch #:path (string-append work-dir "/" name)))

(define image (new-image 300 240 RGB PRECISION-U8-NON-LINEAR))
(define source (add-layer image "picture" 300 240 RGB-IMAGE 0 0))
(gimp-image-set-file image (string-append work-dir "/pentimento-face.xcf"))
(gimp-display-new image)
(gimp-displays-flush)

(test-keep "Cancel in the dialog of faces changes nothing"
  (step "face-cancel")
  (plug-in-pentimento-face #:run-mode RUN-INTERACTIVE #:image image
                           #:drawables (vector source))
  (check-equal "layers" (count-layers image) 1))

(test-keep "Cancel in the dialog of subjects leaves the selection"
  (select-rectangle image 60 50 150 120)
  (let ((selection (hash-of-selection image)))
    (step "subject-cancel")
    (plug-in-pentimento-select-subject #:run-mode RUN-INTERACTIVE #:image image
                                       #:drawables (vector source))
    (check-equal "layers" (count-layers image) 1)
    (check-equal "selection" (hash-of-selection image) selection)))

; As test-if, and the images stay.
(define-macro (keep-if condition reason name . body)
  `(if ,condition
       (run-body ,name (lambda () ,@body))
       (begin (test-if ,condition ,reason ,name ,@body))))

(if (string=? shared-dir "") (step "no-photo"))
(keep-if (not (string=? shared-dir "")) "PENTIMENTO_SHARED has no photographs"
  "a face that is chosen gets its own strength"
  (let* ((photo (one (gimp-file-load RUN-NONINTERACTIVE
                       (string-append shared-dir "/photos/astronaut.png"))))
         (layer (first-layer photo)))
    (gimp-image-clean-all photo)
    (gimp-display-new photo)
    (step "face-choice")
    (let ((new (vector->list (one
                 (plug-in-pentimento-face #:run-mode RUN-INTERACTIVE
                                          #:image photo
                                          #:drawables (vector layer))))))
      (check-equal "layers" (length new) 1)
      (check "recipe"
             (contains? (caddr (recipe-of (car new))) "\"1:0.40\"")))))
