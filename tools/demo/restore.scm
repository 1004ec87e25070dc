; SPDX-License-Identifier: LGPL-3.0-or-later
; restore.scm: enhance and upscale in the demo; loaded by demo.scm, whose
; helpers it uses.

; Each panel of the sheet is shown pixel by pixel.
(define demo-patch-width 360)
(define demo-patch-height demo-panel-height)

; The part of a picture around the middle of the demo's selection, at most as
; large as a panel.
(define (demo-patch image)
  (let* ((patch (gimp-image-duplicate image))
         (width (gimp-image-get-width patch))
         (height (gimp-image-get-height patch))
         (w (* 2 (quotient (min demo-patch-width width) 2)))
         (h (* 2 (quotient (min demo-patch-height height) 2)))
         (middle (lambda (from size whole)
                   (* (/ whole 100.0)
                      (+ (list-ref demo-select from)
                         (/ (list-ref demo-select size) 2)))))
         (place (lambda (at part whole)
                  (inexact->exact
                   (round (max 0 (min (- at (/ part 2)) (- whole part))))))))
    (gimp-image-crop patch w h
                     (place (middle 0 2 width) w width)
                     (place (middle 1 3 height) h height))
    patch))

(define (demo-layer image)
  (vector-ref (gimp-image-get-layers image) 0))

; Noise, and a JPEG file of low quality.
(define (demo-damage image)
  (let ((path (string-append demo-prefix "-damaged.jpg")))
    (gimp-drawable-merge-new-filter (demo-layer image) "gegl:noise-rgb" ""
                                    LAYER-MODE-REPLACE 1.0
                                    "gaussian" #t
                                    "linear" #f
                                    "independent" #t
                                    "red" 0.12
                                    "green" 0.12
                                    "blue" 0.12
                                    "alpha" 0.0
                                    "seed" 1)
    (file-jpeg-export #:run-mode RUN-NONINTERACTIVE
                      #:image image
                      #:file path
                      #:quality 0.4)
    (gimp-file-load RUN-NONINTERACTIVE path)))

(define (demo-enhance image)
  (plug-in-pentimento-enhance #:run-mode RUN-NONINTERACTIVE
                              #:image image
                              #:drawables (vector (demo-layer image))
                              #:denoise 0.35
                              #:sharpen 0.2
                              #:fix-compression 0.6))

(define (demo-upscale image)
  (plug-in-pentimento-upscale #:run-mode RUN-NONINTERACTIVE
                              #:image image
                              #:drawables (vector (demo-layer image))
                              #:model "upscale-high-fidelity"
                              #:factor 2))

(define (demo-half image)
  (let ((half (gimp-image-duplicate image)))
    (gimp-image-scale half (quotient (gimp-image-get-width half) 2)
                      (quotient (gimp-image-get-height half) 2))
    half))

; The panels: (image . name) each.
(define (demo-restore flat)
  (let* ((patch (demo-patch flat))
         (damaged (demo-damage (gimp-image-duplicate patch)))
         (before (demo-flat damaged))
         (half (demo-half patch))
         (plain (gimp-image-duplicate half)))
    (demo-tell-layers
     (demo-step "Enhance a damaged copy" (lambda () (demo-enhance damaged))))
    (gimp-image-scale plain (gimp-image-get-width patch)
                      (gimp-image-get-height patch))
    (demo-tell-layers
     (demo-step "Upscale a small copy 2x" (lambda () (demo-upscale half))))
    (list (cons before "Noise and JPEG")
          (cons (demo-flat damaged) "Enhanced")
          (cons plain "2x, interpolated")
          (cons (demo-flat half) "2x, upscaled"))))
