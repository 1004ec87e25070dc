; SPDX-License-Identifier: LGPL-3.0-or-later
; demo.scm: the main job in GIMP's batch mode.  demo.sh defines, before it
; loads this file, demo-photo, demo-prefix (of the files to write) and
; demo-select (left, top, width and height of an ellipse, in percent) and
; demo-folder (of these files, with a slash).
; Lines that start with "@" are for the person who looks on.

(script-fu-use-v3)

(define (demo-tell . words)
  (display "\n@ ")
  (for-each display words)
  (newline))

(define (demo-now)
  (let ((now (gettimeofday)))
    (+ (car now) (/ (cadr now) 1000000.0))))

; Runs a step, tells how long it took, returns what it made.
(define (demo-step name thunk)
  (let* ((start (demo-now))
         (made (thunk))
         (tenths (round (* 10 (- (demo-now) start)))))
    (demo-tell name ": "
               (number->string (quotient (inexact->exact tenths) 10)) "."
               (number->string (remainder (inexact->exact tenths) 10)) " s")
    made))

(define (demo-save-xcf image)
  (let ((path (string-append demo-prefix ".xcf")))
    (gimp-file-save RUN-NONINTERACTIVE image path -1)
    path))

; GIMP's own compression, 9, takes five times as long as 6.
(define (demo-save-png image suffix)
  (let ((path (string-append demo-prefix suffix)))
    (file-png-export #:run-mode RUN-NONINTERACTIVE
                     #:image image
                     #:file path
                     #:compression 6)
    path))

; One layer of what is to be seen, 8-bit RGB, in a new image.
(define (demo-flat image)
  (let ((flat (gimp-image-duplicate image)))
    (gimp-selection-none flat)
    (gimp-image-flatten flat)
    (if (not (= (gimp-image-get-base-type flat) RGB))
        (gimp-image-convert-rgb flat))
    (if (not (= (gimp-image-get-precision flat) PRECISION-U8-NON-LINEAR))
        (gimp-image-convert-precision flat PRECISION-U8-NON-LINEAR))
    flat))

(define (demo-load)
  (let ((image (gimp-file-load RUN-NONINTERACTIVE demo-photo)))
    (gimp-image-undo-disable image)
    (if (> (vector-length (gimp-image-get-layers image)) 1)
        (gimp-image-merge-visible-layers image CLIP-TO-IMAGE))
    (if (= (gimp-image-get-base-type image) INDEXED)
        (gimp-image-convert-rgb image))
    image))

(define (demo-select-ellipse image)
  (let ((w (/ (gimp-image-get-width image) 100.0))
        (h (/ (gimp-image-get-height image) 100.0)))
    (gimp-image-select-ellipse image CHANNEL-OP-REPLACE
                               (* w (list-ref demo-select 0))
                               (* h (list-ref demo-select 1))
                               (* w (list-ref demo-select 2))
                               (* h (list-ref demo-select 3)))))

(define (demo-remove image layer)
  (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                             #:image image
                             #:drawables (vector layer)
                             #:seed 1))

; A sixth of the width more on the right.  What is seen, the removal
; included, is what is continued: a copy of it is put on top.
(define (demo-expand image)
  (let ((seen (gimp-layer-new-from-visible image image "Seen so far")))
    (gimp-selection-none image)
    (gimp-image-insert-layer image seen 0 0)
    (plug-in-pentimento-expand
     #:run-mode RUN-NONINTERACTIVE
     #:image image
     #:drawables (vector seen)
     #:right (inexact->exact (round (/ (gimp-image-get-width image) 6)))
     #:seed 1)))

; The sheet: panels of one height next to each other, each with its name.
(define demo-panel-height 480)
(define demo-gap 16)
(define demo-caption 40)

(define (demo-scale image)
  (gimp-image-scale image
                    (max 1 (inexact->exact
                            (round (* (gimp-image-get-width image)
                                      (/ demo-panel-height
                                         (gimp-image-get-height image))))))
                    demo-panel-height))

; Outlines the selection: a dark line with a light one in it.
(define (demo-outline image)
  (let ((layer (vector-ref (gimp-image-get-layers image) 0)))
    (demo-select-ellipse image)
    (gimp-context-set-stroke-method STROKE-LINE)
    (gimp-context-set-foreground '(0 0 0))
    (gimp-context-set-line-width 5)
    (gimp-drawable-edit-stroke-selection layer)
    (gimp-context-set-foreground '(255 255 255))
    (gimp-context-set-line-width 2)
    (gimp-drawable-edit-stroke-selection layer)
    (gimp-selection-none image)))

(define (demo-add-text sheet text x y)
  (let ((layer (gimp-text-layer-new sheet text (gimp-context-get-font)
                                    22 UNIT-PIXEL)))
    (gimp-image-insert-layer sheet layer 0 0)
    (gimp-text-layer-set-color layer '(230 230 230))
    (gimp-layer-set-offsets layer (+ x 2) y)))

; Puts the panels, (image . name) each, from x on; returns the next x.
(define (demo-add-panels sheet panels x)
  (if (null? panels)
      x
      (let* ((image (caar panels))
             (layer (gimp-layer-new-from-drawable
                     (vector-ref (gimp-image-get-layers image) 0) sheet)))
        (gimp-image-insert-layer sheet layer 0 0)
        (gimp-layer-set-offsets layer x demo-gap)
        (demo-add-text sheet (cdar panels) x
                       (+ demo-gap (gimp-image-get-height image) 8))
        (demo-add-panels sheet (cdr panels)
                         (+ x (gimp-image-get-width image) demo-gap)))))

(define (demo-sheet panels)
  (let* ((width (apply + (* (+ 1 (length panels)) demo-gap)
                       (map (lambda (panel) (gimp-image-get-width (car panel)))
                            panels)))
         (height (+ demo-gap (gimp-image-get-height (caar panels))
                    demo-caption))
         (sheet (gimp-image-new width height RGB))
         (back (gimp-layer-new sheet "Back" width height RGB-IMAGE 100
                               LAYER-MODE-NORMAL)))
    (gimp-image-insert-layer sheet back 0 0)
    (gimp-context-set-background '(40 40 40))
    (gimp-drawable-fill back FILL-BACKGROUND)
    (demo-add-panels sheet panels demo-gap)
    (gimp-image-flatten sheet)
    sheet))

(define (demo-main-sheet before removed expanded)
  (for-each demo-scale (list before removed expanded))
  (demo-outline before)
  (demo-sheet (list (cons before "Before, with the selection")
                    (cons removed "Removed")
                    (cons expanded "Expanded to the right"))))

(define (demo-tell-layers layers)
  (for-each
   (lambda (layer)
     (demo-tell "  new layer \"" (gimp-item-get-name layer) "\""
                (if (= (gimp-layer-get-mask layer) -1)
                    ""
                    ", with a layer mask that can be painted on")))
   (vector->list layers)))

(load (string-append demo-folder "restore.scm"))
(load (string-append demo-folder "generate.scm"))

(define (demo-save image expanded before removed restored generated)
  (list (demo-save-xcf image)
        (demo-save-png expanded ".png")
        (demo-save-png (demo-main-sheet before removed expanded)
                       "-before-after.png")
        (demo-save-png (demo-sheet restored) "-restored.png")
        (demo-save-png (demo-sheet generated) "-generated.png")))

(define (demo-run)
  (let* ((image (demo-step "Open the picture" demo-load))
         (before (demo-flat image))
         (layer (vector-ref (gimp-image-get-layers image) 0)))
    (demo-tell "  " (gimp-image-get-width image) " x "
               (gimp-image-get-height image) " pixels")
    (demo-select-ellipse image)
    (demo-tell-layers
     (demo-step "Remove what is selected"
                (lambda () (demo-remove image layer))))
    (let ((removed (demo-flat image)))
      (demo-tell-layers
       (demo-step "Expand to the right" (lambda () (demo-expand image))))
      (let* ((expanded (demo-flat image))
             (restored (demo-restore before))
             (generated (demo-prompted))
             (paths (demo-step "Save"
                               (lambda ()
                                 (demo-save image expanded before removed
                                            restored generated)))))
        (for-each
         (lambda (name path) (demo-tell name path))
         '("Layers:       " "Flat picture: " "Before/after: " "Restored:     "
           "Generated:    ")
         paths)))))

(demo-run)
