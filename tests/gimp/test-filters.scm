; SPDX-License-Identifier: LGPL-3.0-or-later
; test-filters.scm: the GEGL operations as GIMP's filters.

(define OPERATIONS
  '("pentimento:denoise" "pentimento:sharpen" "pentimento:fix-compression"))

(define (host-maps? part)
  (= 1 (one (test-pentimento-host-maps #:path part))))

(define (add-filter layer operation strength)
  (one (gimp-drawable-append-new-filter layer operation ""
                                        LAYER-MODE-REPLACE 1.0
                                        "strength" strength)))
(define (filters-of layer)
  (vector->list (one (gimp-drawable-get-filters layer))))
(define (strength-of filter)
  (one (test-pentimento-strength #:filter filter)))
(define (edit-filter filter strength)
  (test-pentimento-set-strength #:filter filter #:strength strength))

; GIMP 3.0 does not render again by itself when this is changed by a script.
(define (show-filter filter layer visible)
  (gimp-drawable-filter-set-visible filter visible)
  (gimp-drawable-update layer 0 0 390 270))

(define (difference a b)
  (one (test-pentimento-difference #:drawable a #:other b)))

; The operation's result, made at once by another process.
(define (apply-whole layer operation strength)
  (test-pentimento-apply #:drawable layer #:operation operation
                         #:strength strength))

; Larger than several pieces that GIMP asks for.
(define (new-large base type precision)
  (let ((image (new-image 390 270 base precision)))
    (add-layer image "picture" 390 270 type 0 0)
    image))
(define (new-large-rgb) (new-large RGB RGB-IMAGE PRECISION-U8-NON-LINEAR))

; What the image looks like: a layer of it.
(define (look image)
  (one (gimp-layer-new-from-visible image image "look")))

(define (check-close what a b limit)
  (let ((d (difference a b)))
    (if (> d limit)
        (fail what ": differs by " (text-of d)))))

(define EIGHT-BITS (/ 1.001 255))

; The first test: later ones load it.
(test "GIMP has the operations and has not loaded ONNX Runtime"
  (check "the module is loaded" (host-maps? "pentimento-filters"))
  (check "ONNX Runtime is not loaded" (not (host-maps? "onnxruntime")))
  (let* ((image (new-large-rgb))
         (layer (first-layer image)))
    (add-filter layer "pentimento:denoise" 0.5)
    (look image)
    (check "ONNX Runtime is loaded for a picture" (host-maps? "onnxruntime"))))

(for-each
  (lambda (operation)
    (test (string-append operation ": the look is that of the whole picture")
      (let* ((image (new-large-rgb))
             (layer (first-layer image))
             (before (hash-of layer))
             (wanted-image (new-large-rgb))
             (wanted (first-layer wanted-image)))
        (add-filter layer operation 0.8)
        (apply-whole wanted operation 0.8)
        (check "the operation changes something"
               (> (difference wanted (first-layer (new-large-rgb))) 0))
        (check-close "look" (look image) wanted EIGHT-BITS)
        (check-equal "the layer's own pixels" (hash-of layer) before)))

    (test (string-append operation ": merged and flattened")
      (let* ((image (new-large-rgb))
             (layer (first-layer image))
             (flat-image (new-large-rgb))
             (wanted (first-layer (new-large-rgb))))
        (apply-whole wanted operation 0.8)
        (add-filter layer operation 0.8)
        (gimp-drawable-merge-filters layer)
        (check-equal "filters" (filters-of layer) '())
        (check-close "merged" layer wanted EIGHT-BITS)
        (add-filter (first-layer flat-image) operation 0.8)
        (check-close "flattened" (one (gimp-image-flatten flat-image)) wanted
                     EIGHT-BITS)))

    (test (string-append operation ": strength 0 keeps every bit")
      (let* ((image (new-large-rgb))
             (layer (first-layer image))
             (before (hash-of layer)))
        (add-filter layer operation 0.0)
        (gimp-drawable-merge-filters layer)
        (check-equal "pixels" (hash-of layer) before))))
  OPERATIONS)

; The same settings in the procedure: one is the setting, the others are 0.
(define (enhance image layer operation strength)
  (define (value-for name) (if (string=? operation name) strength 0))
  (car (vector->list
         (one (plug-in-pentimento-enhance
                #:run-mode RUN-NONINTERACTIVE
                #:image image #:drawables (vector layer)
                #:denoise (value-for "pentimento:denoise")
                #:sharpen (value-for "pentimento:sharpen")
                #:fix-compression (value-for "pentimento:fix-compression")
                #:strength 1)))))

(define (test-procedure operation name type precision limit)
  (test (string-append operation ": the pixels of the procedure, " name)
    (let* ((image (new-large RGB type precision))
           (layer (first-layer image))
           (other (new-large RGB type precision))
           (wanted (enhance other (first-layer other) operation 0.6)))
      (add-filter layer operation 0.6)
      (gimp-drawable-merge-filters layer)
      (check "the procedure changes something"
             (> (difference (first-layer (new-large RGB type precision)) wanted)
                limit))
      (check-close "pixels" layer wanted limit))))

(for-each
  (lambda (operation)
    (test-procedure operation "8 bits" RGB-IMAGE PRECISION-U8-NON-LINEAR
                    EIGHT-BITS)
    (test-procedure operation "16 bits with alpha" RGBA-IMAGE
                    PRECISION-U16-NON-LINEAR 1e-4)
    (test-procedure operation "linear float" RGB-IMAGE PRECISION-FLOAT-LINEAR
                    1e-4))
  OPERATIONS)

(test "a filter can be edited, hidden and removed"
  (let* ((image (new-large-rgb))
         (layer (first-layer image))
         (before (look image))
         (filter (add-filter layer "pentimento:denoise" 0.9))
         (strong (look image))
         (wanted (first-layer (new-large-rgb))))
    (check "it changes the look" (> (difference before strong) 0))
    (apply-whole wanted "pentimento:denoise" 0.3)
    (edit-filter filter 0.3)
    (check-equal "strength" (strength-of filter) 0.3)
    (check-close "edited" (look image) wanted EIGHT-BITS)
    (show-filter filter layer FALSE)
    (check-close "hidden" (look image) (first-layer (new-large-rgb)) 1e-6)
    (show-filter filter layer TRUE)
    (check-close "shown again" (look image) wanted EIGHT-BITS)
    (gimp-drawable-filter-delete filter)
    (check-equal "filters" (filters-of layer) '())
    (check-close "removed" (look image) (first-layer (new-large-rgb)) 1e-6)))

(test "painting below a filter shows"
  (let* ((image (new-large-rgb))
         (layer (first-layer image))
         (wanted (first-layer (new-large-rgb))))
    (define (paint layer)
      (gimp-image-select-rectangle (one (gimp-item-get-image layer))
                                   CHANNEL-OP-REPLACE 240 120 40 30)
      (gimp-context-set-foreground "red")
      (gimp-drawable-edit-fill layer FILL-FOREGROUND)
      (gimp-selection-none (one (gimp-item-get-image layer))))
    (add-filter layer "pentimento:sharpen" 0.9)
    (look image)
    (paint layer)
    (paint wanted)
    (apply-whole wanted "pentimento:sharpen" 0.9)
    (check-close "look" (look image) wanted EIGHT-BITS)))

(test "a filter comes back from an XCF file with its strength"
  (let* ((image (new-large-rgb))
         (layer (first-layer image))
         (path (string-append work-dir "/filter.xcf")))
    (add-filter layer "pentimento:fix-compression" 0.625)
    (gimp-file-save RUN-NONINTERACTIVE image path)
    (let* ((again (one (gimp-file-load RUN-NONINTERACTIVE path)))
           (filters (filters-of (first-layer again)))
           (wanted (first-layer (new-large-rgb))))
      (check-equal "number" (length filters) 1)
      (check-equal "operation"
                   (one (gimp-drawable-filter-get-operation-name (car filters)))
                   "pentimento:fix-compression")
      (check-equal "strength" (strength-of (car filters)) 0.625)
      (apply-whole wanted "pentimento:fix-compression" 0.625)
      (check-close "look" (look again) wanted EIGHT-BITS))))

(test "a selection limits a filter"
  (let* ((image (new-large-rgb))
         (layer (first-layer image))
         (part (first-layer (new-large-rgb))))
    (select-rectangle image 100 50 200 150)
    (add-filter layer "pentimento:denoise" 0.9)
    (gimp-selection-none image)
    (gimp-drawable-merge-filters layer)
    (check "something changed" (> (difference layer part) 0))
    ; Back inside the selection: nothing else may differ.
    (let ((copy-image (new-large-rgb)))
      (define original (first-layer copy-image))
      (select-rectangle copy-image 100 50 200 150)
      (select-rectangle image 100 50 200 150)
      (gimp-context-set-foreground "blue")
      (gimp-drawable-edit-fill layer FILL-FOREGROUND)
      (gimp-drawable-edit-fill original FILL-FOREGROUND)
      (check-equal "pixels outside" (hash-of layer) (hash-of original)))))

; Precision: how far GIMP's own compositing of filters goes.
(define (test-precision name base type precision limit)
  (test (string-append name ": the look is that of the whole picture")
    (let* ((image (new-large base type precision))
           (layer (first-layer image))
           (wanted (first-layer (new-large base type precision)))
           (format (format-of layer)))
      (apply-whole wanted "pentimento:denoise" 0.7)
      (add-filter layer "pentimento:denoise" 0.7)
      (gimp-drawable-merge-filters layer)
      (check-equal "format" (format-of layer) format)
      (check-close "pixels" layer wanted limit))))

(test-precision "8-bit gray" GRAY GRAY-IMAGE PRECISION-U8-NON-LINEAR EIGHT-BITS)
(test-precision "16-bit RGB" RGB RGB-IMAGE PRECISION-U16-NON-LINEAR 1e-4)
(test-precision "16-bit linear with alpha" RGB RGBA-IMAGE PRECISION-U16-LINEAR
                1e-3)
(test-precision "half gray with alpha" GRAY GRAYA-IMAGE
                PRECISION-HALF-NON-LINEAR 2e-3)
(test-precision "float with alpha" RGB RGBA-IMAGE PRECISION-FLOAT-NON-LINEAR
                1e-4)
(test-precision "linear float" RGB RGB-IMAGE PRECISION-FLOAT-LINEAR 1e-4)
