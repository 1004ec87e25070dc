; SPDX-License-Identifier: LGPL-3.0-or-later
; test-rerun.scm: recipes that are run again.

(define (rerun-mode image layer mode)
  (vector->list (one
    (plug-in-pentimento-rerun #:run-mode RUN-NONINTERACTIVE #:image image
                              #:drawables (vector layer) #:seed-mode mode))))

(define (rerun image layer) (rerun-mode image layer "same"))

(define (mask-hash layer) (hash-of (mask-of layer)))

; What makes two results the same.
(define (content-of layer)
  (list (hash-of layer) (mask-hash layer)
        (list-tail (rectangle-of layer) 2)))

(define (recipe-text layer) (caddr (recipe-of layer)))

(define (place-of layer)
  (list (car (rectangle-of layer)) (cadr (rectangle-of layer))))

; The recipe of LAYER becomes TEXT.
(define (set-recipe layer text)
  (gimp-item-attach-parasite layer (list "pentimento-recipe" 3 text)))

; TEXT with the first PART replaced.
(define (replace text part new)
  (let ((n (string-length part)))
    (let loop ((i 0))
      (if (string=? (substring text i (+ i n)) part)
          (string-append (substring text 0 i) new
                         (substring text (+ i n) (string-length text)))
          (loop (+ i 1))))))

; A removed object: (IMAGE SOURCE RESULT).
(define (removed)
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (x (select-rectangle image 40 30 20 16))
         (result (car (remove-from image source))))
    (gimp-selection-none image)
    (list image source result)))

(test "the same seed gives the same pixels, above, without the selection"
  (let* ((made (removed))
         (image (car made)) (source (cadr made)) (result (caddr made))
         (before (hash-of source))
         (new (rerun image result)))
    (check-equal "number" (length new) 1)
    (check-equal "layers" (layers-of image) (list (car new) result source))
    (check-equal "content" (content-of (car new)) (content-of result))
    (check-equal "place" (rectangle-of (car new)) (rectangle-of result))
    (check "name" (contains? (name-of (car new)) "Remove Object"))
    (check-equal "source" (hash-of source) before)
    (check "nothing is selected" (one (gimp-selection-is-empty image)))))

(test "a new seed is written into the recipe"
  (let* ((made (removed))
         (new (car (rerun-mode (car made) (caddr made) "new"))))
    (check-equal "place" (rectangle-of new) (rectangle-of (caddr made)))
    (check "another seed"
           (not (contains? (recipe-text new) "\"seed\":7,")))
    (check "no -1" (not (contains? (recipe-text new) "\"seed\":-1")))))

(test "a rerun can be run again"
  (let* ((made (removed))
         (first (car (rerun (car made) (caddr made))))
         (second (car (rerun (car made) first))))
    (check-equal "content" (content-of second) (content-of (caddr made)))))

(test "soft edges of the selection are kept"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (x (gimp-image-select-ellipse image CHANNEL-OP-REPLACE 30 20 31 33))
         (y (gimp-selection-feather image 9))
         (result (car (remove-from image source))))
    (select-rectangle image 1 1 4 4)
    (let ((selection (hash-of-selection image))
          (new (car (rerun image result))))
      (check-equal "content" (content-of new) (content-of result))
      (check-equal "selection of now" (hash-of-selection image) selection))))

(test "of several places and candidates, the one is made again"
  (let* ((image (new-image 300 200 RGB PRECISION-U8-NON-LINEAR))
         (source (add-layer image "picture" 300 200 RGB-IMAGE 0 0))
         (x (select-rectangle image 20 20 12 12))
         (y (gimp-image-select-rectangle image CHANNEL-OP-ADD 260 160 12 12))
         (made (vector->list (one
           (plug-in-pentimento-remove #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector source)
                                      #:count 2 #:seed 5))))
         (last (list-ref made (- (length made) 1)))
         (new (rerun image last)))
    (check "several" (> (length made) 1))
    (check-equal "one" (length new) 1)
    (check-equal "in the same group" (parent-of (car new)) (parent-of last))
    (check-equal "pixels" (hash-of (car new)) (hash-of last))
    (check-equal "mask" (mask-hash (car new)) (mask-hash last))
    (check-equal "place" (rectangle-of (car new)) (rectangle-of last))))

(test "16 and 32 bits, floats of a selection too"
  (for-each
    (lambda (precision)
      (let* ((image (new-picture RGB RGB-IMAGE precision))
             (source (first-layer image))
             (x (gimp-image-select-ellipse image CHANNEL-OP-REPLACE
                                           30 20 31 33))
             (y (gimp-selection-feather image 7))
             (result (car (remove-from image source))))
        (gimp-selection-none image)
        ; babl chooses conversions by their speed, in each process anew, and
        ; some are off by 2 of 65535, or the last bit of a half float.
        (let ((again (car (rerun image result))))
          (check (text-of precision)
                 (< (one (test-pentimento-difference #:drawable again
                                                     #:other result))
                    0.001))
          (check-equal "mask" (mask-hash again) (mask-hash result)))))
    (list PRECISION-U16-NON-LINEAR PRECISION-FLOAT-LINEAR
          PRECISION-HALF-NON-LINEAR)))

(test "the source may have moved, been renamed, or lie in a group"
  (let* ((made (removed))
         (image (car made)) (source (cadr made)) (result (caddr made))
         (group (one (gimp-group-layer-new image "group"))))
    (gimp-image-insert-layer image group 0 0)
    (gimp-image-reorder-item image source group 0)
    (gimp-item-set-name source "elsewhere")
    (gimp-layer-set-offsets source 13 -4)
    (let ((new (car (rerun image result))))
      (check-equal "content" (content-of new) (content-of result))
      (check-equal "place" (place-of new)
                   (list (+ 13 (car (rectangle-of result)))
                         (- (cadr (rectangle-of result)) 4))))))

(test "a saved and loaded picture can be gone on with"
  (let* ((made (removed))
         (file (string-append work-dir "/rerun.xcf"))
         (x (gimp-xcf-save 0 (car made) file))
         (image (one (gimp-file-load RUN-NONINTERACTIVE file)))
         (result (first-layer image))
         (new (car (rerun image result))))
    (check-equal "content" (content-of new) (content-of (caddr made)))))

(test "a copy of the source in another picture is found"
  (let* ((made (removed))
         (image (new-image 96 80 RGB PRECISION-U8-NON-LINEAR))
         (source (one (gimp-layer-new-from-drawable (cadr made) image)))
         (result (one (gimp-layer-new-from-drawable (caddr made) image))))
    (gimp-image-insert-layer image source 0 0)
    (gimp-image-insert-layer image result 0 0)
    (check-equal "content" (content-of (car (rerun image result)))
                 (content-of (caddr made)))))

(test "expand: the canvas that it grew stays"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (result (car (vector->list (one
           (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector source)
                                      #:left 16 #:top 8 #:seed 3)))))
         (size (size-of-image image))
         (new (car (rerun image result))))
    (check-equal "canvas" (size-of-image image) size)
    (check-equal "content" (content-of new) (content-of result))
    (check-equal "place" (rectangle-of new) (rectangle-of result))))

(test "expand: what was undone by hand grows again"
  (let* ((image (new-rgb-picture))
         (source (first-layer image))
         (result (car (vector->list (one
           (plug-in-pentimento-expand #:run-mode RUN-NONINTERACTIVE
                                      #:image image
                                      #:drawables (vector source)
                                      #:right 16 #:seed 3)))))
         (size (size-of-image image))
         (x (gimp-image-resize image 96 80 0 0))
         (new (car (rerun image result))))
    (check-equal "canvas" (size-of-image image) size)
    (check-equal "content" (content-of new) (content-of result))))

(test "enhance: a whole layer"
  (let* ((image (new-rgb-picture))
         (result (car (enhance image (first-layer image))))
         (new (car (rerun image result))))
    (check-equal "pixels" (hash-of new) (hash-of result))))

(test-golden "generate: no source, and the selection of then"
  (let* ((image (new-rgb-picture))
         (x (select-rectangle image 8 8 64 64))
         (result (car (call-prompted plug-in-pentimento-generate image '()
                                     generator #:prompt "a cat" #:seed 5)))
         (y (gimp-selection-none image))
         (new (car (rerun image result))))
    (check-equal "pixels" (hash-of new) (hash-of result))
    (check-equal "place" (rectangle-of new) (rectangle-of result))))

(test-golden "fill with a checkpoint: same seed, same pixels"
  (let* ((image (new-rgb-picture))
         (x (select-rectangle image 40 30 20 16))
         (result (car (call-prompted plug-in-pentimento-fill image
                                     (list (first-layer image)) inpainter
                                     #:prompt "a cat" #:seed 5)))
         (y (gimp-selection-none image))
         (new (car (rerun image result))))
    (check-equal "content" (content-of new) (content-of result))))

; ------------------------------------------------------------- refused --

(test "a layer without a recipe"
  (let ((image (new-rgb-picture)))
    (check-refused-call "has no recipe" image
                        (rerun image (first-layer image)))))

; With FROM replaced by TO in the recipe of what was MADE.
(define-macro (check-recipe made part from to)
  `(let* ((image (car ,made)) (result (caddr ,made))
          (text (recipe-text result)))
     (set-recipe result (replace text ,from ,to))
     (check-refused-call ,part image (rerun image result))
     (set-recipe result text)))

(test "a recipe that is damaged, newer, older, or of a model that is gone"
  (let ((made (removed)))
    (check-recipe made "not a recipe" "\"params\":{" "\"paroms\":{")
    (check-recipe made "not valid JSON" "{\"version\"" "{{\"version\"")
    (check-recipe made "is damaged" "\"tattoo\":" "\"tattoo\":-")
    (check-recipe made "is damaged" "\"read\":[" "\"read\":[9999,")
    (check-recipe made "is damaged" "\"pixels\":\"" "\"pixels\":\"g")
    (check-recipe made "is damaged" "\"depth\":" "\"depth\":1")
    (check-recipe made "is damaged" "\"layer\":{" "\"loyer\":{")
    (check-recipe made "newer version" "\"version\":1" "\"version\":2")
    (check-recipe made "older version" "\"source\":" "\"sauce\":")
    (check-recipe made "no-such-model" "\"model\":\"patch-fill\""
                  "\"model\":\"no-such-model\"")))

(test "a selection that is gone or damaged"
  (let* ((made (removed)) (image (car made)) (result (caddr made)))
    (gimp-item-attach-parasite result (list "pentimento-selection" 3 "x"))
    (check-refused-call "The selection" image (rerun image result))
    (gimp-item-detach-parasite result "pentimento-selection")
    (check-refused-call "The selection" image (rerun image result))))

(test "a source that is gone"
  (let* ((made (removed)) (image (car made)))
    (gimp-image-remove-layer image (cadr made))
    (check-refused-call "no longer in the picture" image
                        (rerun image (caddr made)))))

(test "a source that has changed"
  (let* ((made (removed)) (image (car made)))
    (draw (cadr made) 2)
    (check-refused-call "has changed" image (rerun image (caddr made)))
    (gimp-layer-scale (cadr made) 50 50 FALSE)
    (check-refused-call "has changed" image (rerun image (caddr made)))))

(test "a seed mode that is not known"
  (let* ((made (removed)) (image (car made)))
    (check-refused-call "“seed-mode” is “old”" image
                        (rerun-mode image (caddr made) "old"))))

(test "the settings need a dialog"
  (let* ((made (removed)) (image (car made)))
    (check-refused-call "needs a dialog" image
      (plug-in-pentimento-use-settings #:run-mode RUN-NONINTERACTIVE
                                       #:image image
                                       #:drawables (vector (caddr made))))))
