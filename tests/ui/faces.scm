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
