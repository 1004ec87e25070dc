; SPDX-License-Identifier: LGPL-3.0-or-later
; looks.scm: opens every dialog once, for "./dev screenshots"; looks-keys.sh
; takes the pictures.

(define image
  (if (string=? shared-dir "")
      (new-image 300 240 RGB PRECISION-U8-NON-LINEAR)
      (one (gimp-file-load RUN-NONINTERACTIVE
             (string-append shared-dir "/photos/astronaut.png")))))
(if (string=? shared-dir "")
    (add-layer image "picture" 300 240 RGB-IMAGE 0 0))
(define source (first-layer image))
(gimp-image-set-file image (string-append work-dir "/portrait.xcf"))
(gimp-image-clean-all image)
(gimp-display-new image)
(gimp-displays-flush)

(define (install file name)
  (let ((folder (string-append work-dir "/user/models/checkpoints")))
    (test-pentimento-make-folder #:path folder)
    (test-pentimento-copy #:from (checkpoint file)
                          #:to (string-append folder "/" name))))
(if (not (string=? golden-dir ""))
    (begin
      (install "sd15_tiny.safetensors" "painter.safetensors")
      (install "sd15_ip2p_tiny.safetensors" "editor.safetensors")))

(define (announce name)
  (test-pentimento-touch #:path (string-append work-dir "/look-" name)))

(define-macro (look name procedure)
  `(test-keep ,name
     (announce ,name)
     (,procedure #:run-mode RUN-INTERACTIVE #:image image
                 #:drawables (vector source))
     (check-equal "layers" (layers-of image) (list source))))

(look "generate" plug-in-pentimento-generate)
(look "reimagine" plug-in-pentimento-reimagine)
(look "edit" plug-in-pentimento-edit)
(look "expand" plug-in-pentimento-expand)
(look "enhance" plug-in-pentimento-enhance)
(look "upscale" plug-in-pentimento-upscale)
(look "face" plug-in-pentimento-face)
(select-rectangle image 180 60 95 118)
(look "select-subject" plug-in-pentimento-select-subject)
(look "fill" plug-in-pentimento-fill)
(if (not (string=? shared-dir ""))
    (begin
      (set! image (one (gimp-file-load RUN-NONINTERACTIVE
                         (string-append shared-dir "/photos/rocket.jpg"))))
      (set! source (first-layer image))))
(gimp-selection-none image)
(let ((w (one (gimp-image-get-width image)))
      (h (one (gimp-image-get-height image))))
  (gimp-image-select-ellipse image CHANNEL-OP-REPLACE
                             (* w 0.665) (* h 0.26) (* w 0.095) (* h 0.6)))
(look "candidates" plug-in-pentimento-remove)
(look "history" plug-in-pentimento-history)
(test-keep "models"
  (announce "models")
  (plug-in-pentimento-models #:run-mode RUN-INTERACTIVE))
(test-keep "settings"
  (announce "settings")
  (plug-in-pentimento-settings #:run-mode RUN-INTERACTIVE))
