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

; A disk of one color on another.
(define disk (new-image 200 160 RGB PRECISION-U8-NON-LINEAR))
(define ground (add-layer disk "disk" 200 160 RGB-IMAGE 0 0))
(gimp-context-set-foreground '(40 60 150))
(gimp-drawable-fill ground FILL-FOREGROUND)
(gimp-image-select-ellipse disk CHANNEL-OP-REPLACE 60 40 80 80)
(gimp-context-set-foreground '(220 170 60))
(gimp-drawable-edit-fill ground FILL-FOREGROUND)
(select-rectangle disk 40 20 120 120)
(gimp-image-set-file disk (string-append work-dir "/pentimento-disk.xcf"))
(gimp-image-clean-all disk)
(gimp-display-new disk)
(gimp-displays-flush)

(test-keep "one undo gives the old selection back"
  (let ((before (hash-of-selection disk)))
    (step "subject-run")
    (plug-in-pentimento-select-subject #:run-mode RUN-INTERACTIVE #:image disk
                                       #:drawables (vector ground))
    (check "changed" (not (string=? (hash-of-selection disk) before)))
    (step "subject-undo")
    (test-pentimento-wait #:path (string-append work-dir "/subject-undone"))
    (check-equal "selection" (hash-of-selection disk) before)))

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
