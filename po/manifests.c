/* SPDX-License-Identifier: LGPL-3.0-or-later */
/* Made by tools/i18n/update-po from data/catalog and
 * data/presets; do not edit, do not build.
 * clang-format off
 */
#line 1 "data/catalog/bria-eraser.json"
NC_ ("model", "Bria Eraser")
NC_ ("label", "Match colors")
N_ ("Adjusts the brightness and color of the new part to what surrounds it.")
NC_ ("label", "Grow")
N_ ("How far the new part reaches beyond the area to fill. -1 follows from the size of the area.")
N_ ("px")
NC_ ("label", "Feather")
N_ ("How soft the edge of the new part is. -1 follows from the size of the area; 0 also turns growing and blending off.")
NC_ ("label", "Blend")
N_ ("Over how many pixels the new part fades into the old picture. -1 chooses by itself.")
NC_ ("label", "Context")
N_ ("How far around the area the model looks. -1 chooses by itself.")

#line 1 "data/catalog/comfyui-upscale.json"
NC_ ("model", "Upscale: ComfyUI")
NC_ ("label", "Factor")
N_ ("How many times as wide and as high the result is.")
N_ ("×")
NC_ ("label", "Width")
N_ ("The width to make. 0 follows from the height or the factor.")
NC_ ("label", "Height")
N_ ("The height to make. 0 follows from the width or the factor.")
NC_ ("label", "Crop to fill")
N_ ("Crops the result to exactly the width and height. Otherwise it fits inside them and keeps its shape.")
NC_ ("label", "Result")
N_ ("Whether the whole image gets the new size, or only the new layer.")
NC_ ("choice", "Scale the image")
NC_ ("choice", "New layer at the new size")
NC_ ("label", "Upscaler")
N_ ("The upscaler that the server is to use. Empty: one that is usual, or its first.")
N_ ("How far the new part reaches beyond the selection. -1 follows from the size of the selection.")
N_ ("How soft the edge of the new part is. -1 follows from the size of the selection; 0 also turns growing and blending off.")

#line 1 "data/catalog/comfyui.json"
NC_ ("model", "ComfyUI")
NC_ ("label", "Prompt")
N_ ("What the picture should show. Parentheses such as (red:1.2) make words count more, square brackets less.")
NC_ ("label", "Negative prompt")
N_ ("What the picture should not show.")
NC_ ("label", "Prompt enhancer")
N_ ("Adds words for quality that the model was taught with, to the prompt and to the negative prompt. What was added is shown. A prompt that has such words or weights stays as it is.")
NC_ ("choice", "Off")
NC_ ("choice", "Automatic")
NC_ ("choice", "Stable Diffusion")
NC_ ("choice", "Illustrious")
NC_ ("choice", "Pony")
NC_ ("choice", "Sentences")
NC_ ("label", "Checkpoint")
N_ ("The checkpoint that the server is to use. Empty: the one that it has loaded, or its first.")
NC_ ("label", "Strength")
N_ ("How far the result may leave the old picture. 0 keeps it, 1 ignores it. -1 chooses what is usual: 0.6 to reimagine, 1 to fill or expand.")
NC_ ("label", "Aspect ratio")
N_ ("The shape of the result, as two numbers, such as 16:9. Leave it empty to keep the shape of the image, or to use the four edges.")
NC_ ("label", "Resolution")
N_ ("How many pixels the result has: as many as a square of this side. Automatic takes the size of the selection or of the image.")
NC_ ("choice", "512")
NC_ ("choice", "768")
NC_ ("choice", "1K")
NC_ ("choice", "2K")
NC_ ("choice", "4K")
N_ ("The width to make. 0 follows from the resolution and the aspect ratio.")
N_ ("The height to make. 0 follows from the resolution and the aspect ratio.")
NC_ ("label", "Left")
N_ ("How many pixels to add on the left.")
NC_ ("label", "Right")
N_ ("How many pixels to add on the right.")
NC_ ("label", "Top")
N_ ("How many pixels to add at the top.")
NC_ ("label", "Bottom")
N_ ("How many pixels to add at the bottom.")
NC_ ("label", "Anchor")
N_ ("Where the old picture sits inside the new shape.")
NC_ ("choice", "Center")
NC_ ("choice", "Top left")
NC_ ("choice", "Top")
NC_ ("choice", "Top right")
NC_ ("choice", "Left")
NC_ ("choice", "Right")
NC_ ("choice", "Bottom left")
NC_ ("choice", "Bottom")
NC_ ("choice", "Bottom right")
NC_ ("label", "Expand")
N_ ("Whether the whole canvas grows, or only the layer.")
NC_ ("choice", "Canvas")
NC_ ("choice", "Layer")
NC_ ("label", "Quality")
N_ ("How many steps are made. More take longer.")
NC_ ("choice", "Medium")
NC_ ("choice", "High")
NC_ ("choice", "Very high")
NC_ ("choice", "Extremely high")
NC_ ("label", "Steps")
N_ ("How many steps are made. 0 follows from the quality.")
NC_ ("label", "Guidance")
N_ ("How closely the result follows the prompt (CFG scale). -1 takes what is usual for the model.")
NC_ ("label", "Seed")
N_ ("The same seed gives the same result again. -1 picks a new one each time.")
NC_ ("label", "Candidates")
N_ ("How many results to make. Each becomes a layer to choose from.")
NC_ ("label", "Draft")
N_ ("A quick picture with few steps and less detail.")
NC_ ("label", "Sampler quality")
N_ ("High takes a sampler that is slower and often better.")
NC_ ("choice", "Normal")
NC_ ("label", "Sampler")
N_ ("The method that goes from noise to the picture.")
NC_ ("choice", "Euler")
NC_ ("choice", "Euler a")
NC_ ("choice", "Heun")
NC_ ("choice", "DPM2")
NC_ ("choice", "DPM2 a")
NC_ ("choice", "DPM++ 2S a")
NC_ ("choice", "DPM++ 2M")
NC_ ("choice", "DPM++ SDE")
NC_ ("choice", "DPM++ 2M SDE")
NC_ ("choice", "DPM++ 3M SDE")
NC_ ("choice", "DDIM")
NC_ ("choice", "LCM")
NC_ ("choice", "UniPC")
NC_ ("label", "Schedule")
N_ ("How the noise goes down from step to step.")
NC_ ("choice", "Karras")
NC_ ("choice", "Exponential")
NC_ ("choice", "Simple")
NC_ ("choice", "SGM uniform")
NC_ ("choice", "DDIM uniform")
NC_ ("choice", "Beta")
NC_ ("label", "Clip skip")
N_ ("How many of the last layers of the text encoder are left out, counted from 1. 0 takes what is usual for the model.")
NC_ ("label", "LoRA")
N_ ("Names of LoRA files with their strengths, separated by commas, such as film-look:0.8.")
NC_ ("label", "VAE")
N_ ("Name of another VAE file. Empty: the one of the model.")
NC_ ("label", "Model size")
N_ ("The side of a square picture that the model was made for. Larger areas are begun at this size and then refined. 0 follows from the model.")

#line 1 "data/catalog/diffusion.json"
NC_ ("model", "Checkpoint")
NC_ ("label", "Image guidance")
N_ ("How closely the result follows the old picture. -1 takes what is usual for the model.")
NC_ ("label", "Seamless tile")
N_ ("Makes a picture that can be repeated side by side without a seam.")
NC_ ("label", "Variation")
N_ ("How far the noise moves from the seed towards the variation seed.")
NC_ ("label", "Variation seed")
N_ ("The seed that a variation moves towards.")
NC_ ("label", "Stylize")
N_ ("Below 100 the prompt is followed more closely and the prompt enhancer adds fewer words; above 100 the guidance gets weaker and the enhancer's words count more. 100 changes nothing.")
NC_ ("label", "Chaos")
N_ ("How far the guidance of the candidates differs: at 100 each has between half and twice of it, by its seed. 0 changes nothing.")
NC_ ("label", "Weird")
N_ ("Mixes large shapes into the noise that a picture begins with, which gives unusual compositions. 0 changes nothing.")
NC_ ("label", "Stop at")
N_ ("Ends after this share of the steps. The result is then less finished.")
N_ ("%")
NC_ ("label", "Same result as")
N_ ("With the same seed and settings the result matches this program.")
NC_ ("choice", "ComfyUI")
NC_ ("choice", "AUTOMATIC1111")
NC_ ("label", "Noise")
N_ ("How a seed becomes noise: as PyTorch does on the CPU or on NVIDIA GPUs.")
NC_ ("choice", "CPU")
NC_ ("choice", "GPU")
NC_ ("label", "Reuse")
N_ ("Most of the network runs only in every second step (balanced) or every third (fast) and keeps what it found for the others. Details of the picture change.")
NC_ ("choice", "Balanced")
NC_ ("choice", "Fast")
NC_ ("label", "Memory")
N_ ("Low keeps the model in its file and is slower, fast takes more memory.")
NC_ ("choice", "Low")

#line 1 "data/catalog/faces.json"
NC_ ("model", "Faces (no download)")
NC_ ("label", "Strength on faces")
N_ ("How strongly faces are changed.")
NC_ ("label", "Which faces")
N_ ("“all”, “largest”, or numbers such as “1,3”: 1 is the largest face. A strength of its own stands behind a colon: “1,3:0.5”.")
NC_ ("label", "Network for faces")
N_ ("The file in “models/faces” of Pentimento's folder that restores faces; the first one there if empty. “shipped” denoises and sharpens with the network that comes with Pentimento. Others make up detail, which may change who a face looks like.")
NC_ ("label", "Creativity on faces")
N_ ("How much of faces may be made up. Only networks with an input for the fidelity, such as CodeFormer, have it.")

#line 1 "data/catalog/fal-flux-lora-fill.json"
NC_ ("model", "FLUX.1 Fill [dev]")
N_ ("What the picture should show.")

#line 1 "data/catalog/fal-flux-outpaint.json"
NC_ ("model", "FLUX.2 [pro] Outpaint")
N_ ("The shape to expand to, as two numbers, such as 16:9. Leave it empty to use the four edges instead.")
NC_ ("label", "Safety tolerance")
N_ ("How much the service's filter lets through: 1 is the strictest.")

#line 1 "data/catalog/fal-outpaint.json"
NC_ ("model", "Outpaint (fal.ai)")

#line 1 "data/catalog/fal-qwen-inpaint.json"
NC_ ("model", "Qwen Image Edit")
N_ ("How far the result may leave the old picture. 0 keeps it, 1 ignores it. -1 takes what is usual for the model, 0.93.")

#line 1 "data/catalog/fal-sdxl-inpaint.json"
NC_ ("model", "Fast SDXL")
N_ ("How far the result may leave the old picture. 0 keeps it, 1 ignores it. -1 takes what is usual for the model, 0.95.")

#line 1 "data/catalog/fal-z-image-inpaint.json"
NC_ ("model", "Z-Image Turbo")
N_ ("How far the result may leave the old picture. 0 keeps it, 1 ignores it. -1 takes what is usual for the model, 1.")

#line 1 "data/catalog/flux-2-pro.json"
NC_ ("model", "FLUX.2 [pro]")
N_ ("What to change, or what the picture should show.")
N_ ("The shape of the result, as two numbers, such as 16:9. Leave it empty to keep the shape of the image.")
N_ ("How much the service's filter lets through: 0 is the strictest.")

#line 1 "data/catalog/flux-expand.json"
NC_ ("model", "FLUX.1 Expand [pro]")
N_ ("What the new part should show. It may stay empty.")
N_ ("How closely the result follows the prompt. -1 leaves it to the service.")
N_ ("How many steps are made. 0 leaves it to the service.")

#line 1 "data/catalog/flux-fill.json"
NC_ ("model", "FLUX.1 Fill [pro]")
N_ ("What the area should show.")
N_ ("How closely the result follows the prompt. -1 leaves it to the service. fal.ai does not know it.")
N_ ("How many steps are made. 0 leaves it to the service. fal.ai does not know it.")

#line 1 "data/catalog/flux_pro.json"
NC_ ("model", "FLUX 1.1 [pro] ultra")
NC_ ("label", "Strength of the picture")
N_ ("How much the result takes over from the picture. 0 only follows the prompt.")
NC_ ("label", "Format")
N_ ("A shape by what it is for. Otherwise the other settings decide.")
NC_ ("choice", "By the other settings")
NC_ ("choice", "Shorts")
NC_ ("choice", "Reels")
NC_ ("choice", "Horizontal")
N_ ("The shape of the result, as two numbers, such as 16:9. Usual are 21:9, 16:9, 4:3, 3:2, 1:1, 2:3, 3:4, 9:16 and 9:21. Leave it empty to have the model choose.")
NC_ ("label", "Improve the prompt")
N_ ("The service rewrites the prompt to get better results.")
NC_ ("label", "Raw")
N_ ("Less processed pictures that look more natural.")
NC_ ("label", "File format")
N_ ("How the picture is transferred. JPEG is smaller, PNG loses nothing.")
NC_ ("choice", "JPEG")
NC_ ("choice", "PNG")
NC_ ("label", "Picture inside the answer")
N_ ("The service sends the picture with its answer and does not keep it in the history of requests.")
NC_ ("label", "Trial run")
N_ ("Costs nothing and gives a placeholder. Only some services have this.")

#line 1 "data/catalog/flux_realism.json"
NC_ ("model", "FLUX.2 Realism")
NC_ ("label", "Size")
N_ ("Which size the result has: one of the model's own, that of the selection or the image, or a width and a height.")
NC_ ("choice", "Like the picture")
NC_ ("choice", "Width and height")
NC_ ("choice", "Square, high resolution")
NC_ ("choice", "Square")
NC_ ("choice", "Portrait 4:3")
NC_ ("choice", "Portrait 16:9")
NC_ ("choice", "Landscape 4:3")
NC_ ("choice", "Landscape 16:9")
N_ ("The width to make. 0 follows from the height and the shape of the image.")
N_ ("The height to make. 0 follows from the width and the shape of the image.")
NC_ ("label", "Realism")
N_ ("Strength of the realism. 1 is usual.")
N_ ("How many steps are made. 0 takes what is usual for the model.")
NC_ ("label", "Acceleration")
N_ ("Faster, with a little less quality.")
NC_ ("choice", "None")
NC_ ("choice", "Regular")
NC_ ("choice", "WebP")
NC_ ("label", "Content filter")
N_ ("Has the service keep back pictures that may not be safe.")

#line 1 "data/catalog/flux_schnell.json"
NC_ ("model", "FLUX.1 [schnell]")

#line 1 "data/catalog/gemini-image-pro.json"
NC_ ("model", "Gemini 3 Pro Image")
N_ ("The shape of the result, as two numbers, such as 16:9; the nearest one that the service makes is taken. Leave it empty to keep the shape of the image.")
N_ ("How many pixels the result has: as many as a square of this side. Automatic leaves it to the service.")

#line 1 "data/catalog/gemini-image.json"
NC_ ("model", "Gemini 2.5 Flash Image")

#line 1 "data/catalog/gpt-image-2.json"
NC_ ("model", "GPT Image 2")
N_ ("How carefully the service works. Better costs more.")
NC_ ("label", "Background")
N_ ("Whether what is behind the subject may be transparent.")
NC_ ("choice", "Opaque")
NC_ ("choice", "Transparent")
NC_ ("label", "Fidelity")
N_ ("How closely the result keeps to the old picture, above all to faces. High costs more.")
NC_ ("label", "Moderation")
N_ ("How strict the service's filter is.")
NC_ ("label", "Previews")
N_ ("How many pictures are shown while the service works. Each costs a little. Only with one candidate.")

#line 1 "data/catalog/gpt-image.json"
NC_ ("model", "GPT Image 1")

#line 1 "data/catalog/legnext.json"
NC_ ("model", "Prompt-flag model (Legnext)")
N_ ("What the picture should show. Parameters such as --stylize 200 may stand behind it; they win over those below.")
N_ ("How much style of its own the model adds. Low values keep to the prompt.")
N_ ("How different the results are from each other.")
N_ ("How strange and unusual the result is.")
N_ ("How long the model works on details. More takes longer.")
N_ ("How many results to make. The service makes four at once.")
N_ ("Adds less style by itself.")
N_ ("A quick picture with less detail, at half the cost.")
NC_ ("label", "Version")
N_ ("Which version of the model does the work.")
NC_ ("choice", "7")
NC_ ("choice", "6")
NC_ ("choice", "5")
NC_ ("choice", "4")
NC_ ("choice", "3")
NC_ ("choice", "2")
NC_ ("choice", "1")
NC_ ("label", "Anime model")
N_ ("Takes the model for anime and illustration instead, in this version.")
NC_ ("label", "Turbo")
N_ ("Works faster, at twice the cost.")
N_ ("Ends early. The result is then softer and less finished.")

#line 1 "data/catalog/localai.json"
NC_ ("model", "LocalAI")
N_ ("Which of the models of the server does the work. Empty: its usual one.")

#line 1 "data/catalog/nano_banana.json"
NC_ ("model", "Nano Banana Pro")
N_ ("The shape of the result. Automatic leaves it to the model.")
NC_ ("choice", "21:9")
NC_ ("choice", "16:9")
NC_ ("choice", "3:2")
NC_ ("choice", "4:3")
NC_ ("choice", "5:4")
NC_ ("choice", "1:1")
NC_ ("choice", "4:5")
NC_ ("choice", "3:4")
NC_ ("choice", "2:3")
NC_ ("choice", "9:16")
N_ ("How many pixels the result has: as many as a square of this side. Automatic takes 1K. 4K costs twice as much.")

#line 1 "data/catalog/nano_banana_edit.json"
NC_ ("model", "Nano Banana Pro Edit")
NC_ ("label", "System prompt")
N_ ("What the model is told about its role and style before the prompt.")
NC_ ("label", "Web search")
N_ ("The model may look things up on the web. Costs 3 credits more.")
NC_ ("label", "One picture at a time")
N_ ("The model ignores numbers of pictures in the prompt.")

#line 1 "data/catalog/patch-fill.json"
NC_ ("model", "Patch fill (no download)")
N_ ("How far around the area to look for something to copy. -1 chooses by itself.")
NC_ ("label", "Patch size")
N_ ("The size of the pieces that are compared. Larger ones keep large patterns, smaller ones keep fine detail.")
NC_ ("label", "Iterations")
N_ ("How often the match is improved at each scale. More takes longer.")

#line 1 "data/catalog/restore.json"
NC_ ("model", "Restore (no download)")
NC_ ("label", "Denoise")
N_ ("How much noise to remove. 0 leaves it.")
NC_ ("label", "Sharpen")
N_ ("How much blur to take back. 0 takes back none.")
NC_ ("label", "Fix compression")
N_ ("How strong the marks of JPEG compression are that are to be removed. 0 leaves them.")
N_ ("How much of the change is applied.")
NC_ ("label", "Enhance faces")
N_ ("Finds faces and works on each of them by itself, with a network for faces where one is installed.")
NC_ ("label", "Work on")
N_ ("Which part of the picture is changed. The subject is found by a network in “models/subject” of Pentimento's folder, or, with a selection around it, without one.")
NC_ ("choice", "Everything")
NC_ ("choice", "Foreground")
NC_ ("choice", "Background")
NC_ ("label", "Network for subjects")
N_ ("The file in “models/subject” of Pentimento's folder that finds the subject; the first one there if empty. “none” finds it without one, inside a selection around it.")

#line 1 "data/catalog/sd-server.json"
NC_ ("model", "sd-server")

#line 1 "data/catalog/sdapi-upscale.json"
NC_ ("model", "Upscale: Stable Diffusion web UI")
NC_ ("label", "Restore faces")
N_ ("Works on faces with a network of their own.")
NC_ ("choice", "GFPGAN")
NC_ ("choice", "CodeFormer")

#line 1 "data/catalog/sdapi.json"
NC_ ("model", "Stable Diffusion web UI")

#line 1 "data/catalog/seedream_v45_edit.json"
NC_ ("model", "Seedream 4.5 Edit")
N_ ("Which size the result has. Like the picture keeps the shape of what is changed, at the nearest size that the model makes.")
NC_ ("choice", "Automatic, 2K")
NC_ ("choice", "Automatic, 4K")
NC_ ("label", "Pictures of each candidate")
N_ ("The model may make up to so many pictures that belong together. Each is charged.")

#line 1 "data/catalog/seedream_v5_edit.json"
NC_ ("model", "Seedream 5 Lite Edit")
NC_ ("choice", "Automatic, 3K")

#line 1 "data/catalog/stability-core.json"
NC_ ("model", "Stable Image Core")

#line 1 "data/catalog/stability-erase.json"
NC_ ("model", "Stable Image Erase")

#line 1 "data/catalog/stability-inpaint.json"
NC_ ("model", "Stable Image Inpaint")

#line 1 "data/catalog/stability-outpaint.json"
NC_ ("model", "Stable Image Outpaint")
NC_ ("label", "Invention")
N_ ("How much may be made up that was not there.")

#line 1 "data/catalog/stability-replace.json"
NC_ ("model", "Stable Image Search and Replace")
NC_ ("label", "Look for")
N_ ("What is to be replaced, in a few words.")
N_ ("What should stand there instead.")

#line 1 "data/catalog/stability-sd3.json"
NC_ ("model", "Stable Diffusion 3.5")
NC_ ("label", "Variant")
N_ ("Which of the networks does the work.")
NC_ ("choice", "Large")
NC_ ("choice", "Large, fast")

#line 1 "data/catalog/stability-ultra.json"
NC_ ("model", "Stable Image Ultra")

#line 1 "data/catalog/stability-upscale-conservative.json"
NC_ ("model", "Stable Image Upscale: Conservative")

#line 1 "data/catalog/stability-upscale-creative.json"
NC_ ("model", "Stable Image Upscale: Creative")

#line 1 "data/catalog/stability-upscale.json"
NC_ ("model", "Stable Image Upscale: Fast")

#line 1 "data/catalog/subject.json"
NC_ ("model", "Subject (no download)")
NC_ ("label", "Select")
N_ ("What is selected: the subject, or everything but it.")

#line 1 "data/catalog/topaz-labs.json"
NC_ ("model", "Topaz Photo (Topaz Labs)")
NC_ ("choice", "Standard")
NC_ ("choice", "Low resolution")
NC_ ("choice", "High fidelity")
NC_ ("choice", "Drawings and renderings")
NC_ ("choice", "Text")
N_ ("How much noise to remove. 0 leaves it; -1 chooses by itself.")
N_ ("How much blur to take back. 0 takes back none; -1 chooses by itself.")
N_ ("How strong the marks of JPEG compression are that are to be removed. 0 leaves them; -1 chooses by itself.")
N_ ("How much of faces may be made up.")
N_ ("Which part of the picture is changed.")

#line 1 "data/catalog/topaz_upscale_image.json"
NC_ ("model", "Topaz Upscale")
N_ ("Which of the networks does the work. Recovery, Redefine, Standard MAX and Wonder make up detail.")
NC_ ("choice", "Recovery")
NC_ ("choice", "Redefine")
NC_ ("choice", "Recovery 2")
NC_ ("choice", "Standard MAX")
NC_ ("choice", "Wonder")
NC_ ("choice", "Wonder 3")
N_ ("How much of the change is applied. -1 chooses by itself.")
N_ ("What the picture shows. It guides the detail that is made up.")
NC_ ("label", "Prompt by itself")
N_ ("The service describes the picture by itself.")
NC_ ("label", "Creativity")
N_ ("How much detail is made up. 0 chooses by itself.")
NC_ ("label", "Texture")
N_ ("How much texture is made up. 0 chooses by itself.")
NC_ ("label", "Detail")
N_ ("How much detail is brought back. -1 chooses by itself.")
NC_ ("label", "Strength of the enhancement")
N_ ("How far the result may leave the picture.")

#line 1 "data/catalog/upscale-cgi.json"
NC_ ("model", "Upscale: CGI (no download)")
N_ ("How many times as wide and as high the result is. 2, 3 and 4 have networks of their own; between them the next larger one is used, and its result reduced.")

#line 1 "data/catalog/upscale-high-fidelity.json"
NC_ ("model", "Upscale: High Fidelity (no download)")

#line 1 "data/catalog/upscale-low-resolution.json"
NC_ ("model", "Upscale: Low Resolution (no download)")

#line 1 "data/catalog/upscale-standard.json"
NC_ ("model", "Upscale: Standard (no download)")

#line 1 "data/catalog/upscale-text-refine.json"
NC_ ("model", "Upscale: Text Refine (no download)")
N_ ("How much of what the network adds to a plain enlargement is applied.")

#line 1 "data/models/pentimento-micro/bundle.json"
NC_ ("model", "Pentimento Micro: textures and simple scenes")

#line 1 "data/downloads/clip-vocabulary.json"
NC_ ("model", "CLIP vocabulary")
N_ ("The words that Stable Diffusion 1.5 and XL know. Checkpoints that are a single file need it.")

#line 1 "data/downloads/dreamshaper-8.json"
NC_ ("model", "DreamShaper 8")
N_ ("A checkpoint of the Stable Diffusion 1.5 family for portraits, landscapes and illustrations.")

#line 1 "data/downloads/isnet-general-use.json"
NC_ ("model", "ISNet")
N_ ("Selects what a picture is about, with fine edges.")

#line 1 "data/downloads/lcm-lora-sd15.json"
NC_ ("model", "LCM-LoRA for Stable Diffusion 1.5")
N_ ("Lets a Stable Diffusion 1.5 checkpoint finish in 4 to 8 steps, with the sampler LCM and a guidance of 1 to 2.")

#line 1 "data/downloads/stable-diffusion-1.5-inpainting.json"
NC_ ("model", "Stable Diffusion 1.5 Inpainting")
N_ ("Fills selections so that they fit what is around them; also expands pictures.")

#line 1 "data/downloads/stable-diffusion-1.5.json"
NC_ ("model", "Stable Diffusion 1.5")
N_ ("Generates and changes pictures of about 512 × 512 pixels; what most other checkpoints were made from.")

#line 1 "data/downloads/stable-diffusion-xl-1.0.json"
NC_ ("model", "Stable Diffusion XL 1.0")
N_ ("Generates and changes pictures of about 1024 × 1024 pixels; needs much more memory and time than 1.5.")

#line 1 "data/downloads/u2net.json"
NC_ ("model", "U2Net")
N_ ("Selects what a picture is about; faster than ISNet, with softer edges.")

#line 1 "data/downloads/vae-ft-mse.json"
NC_ ("model", "VAE ft-MSE 840000")
N_ ("A decoder for checkpoints of the Stable Diffusion 1.5 family with fewer artifacts in faces.")

#line 1 "data/downloads/yunet.json"
NC_ ("model", "YuNet face detector")
N_ ("Finds faces, also small and leaning ones, for Enhance Faces, Enhance and Upscale.")

#line 1 "data/presets/architecture-night.json"
NC_ ("preset", "Architecture at Night")
NC_ ("preset category", "Architecture")
N_ ("A lit building after dark.")

#line 1 "data/presets/architecture-outside.json"
NC_ ("preset", "Architecture")
N_ ("A building with upright lines in clear light.")

#line 1 "data/presets/black-and-white.json"
NC_ ("preset", "Black and White")
NC_ ("preset category", "Film and Color")
N_ ("A photograph without color, with rich grays.")

#line 1 "data/presets/blue-hour.json"
NC_ ("preset", "Blue Hour")
NC_ ("preset category", "Landscape")
N_ ("After sunset, with the first lamps.")

#line 1 "data/presets/bright-interior.json"
NC_ ("preset", "Bright Interior")
NC_ ("preset category", "Interior")
N_ ("A tidy room in daylight, upright lines.")

#line 1 "data/presets/cinema-still.json"
NC_ ("preset", "Cinema Still")
N_ ("A frame of a film, wide and moody.")

#line 1 "data/presets/cozy-interior.json"
NC_ ("preset", "Cozy Interior")
N_ ("An evening room with warm lamps.")

#line 1 "data/presets/dramatic-sky.json"
NC_ ("preset", "Dramatic Sky")
N_ ("Clouds before a storm, with light breaking through.")

#line 1 "data/presets/edit-season.json"
NC_ ("preset", "Change the Season")
NC_ ("preset category", "Retouching")
N_ ("An instruction for Edit. Add <season|winter> to the prompt for another season than autumn.")

#line 1 "data/presets/film-look.json"
NC_ ("preset", "Film Look")
N_ ("Soft contrast and fine grain of color film.")

#line 1 "data/presets/food-daylight.json"
NC_ ("preset", "Food in Daylight")
NC_ ("preset category", "Food")
N_ ("A dish on a table beside a window.")

#line 1 "data/presets/food-from-above.json"
NC_ ("preset", "Food from Above")
N_ ("A table from above, as in a cookbook.")

#line 1 "data/presets/golden-hour-portrait.json"
NC_ ("preset", "Golden Hour Portrait")
NC_ ("preset category", "Portrait")
N_ ("Outdoors with the low sun behind.")

#line 1 "data/presets/ink-and-wash.json"
NC_ ("preset", "Ink and Wash")
NC_ ("preset category", "Drawing and Painting")
N_ ("Black lines with a gray wash.")

#line 1 "data/presets/landscape-season.json"
NC_ ("preset", "Landscape by Season")
N_ ("A wide landscape. Add <season|winter> to the prompt for another season than autumn.")

#line 1 "data/presets/misty-morning.json"
NC_ ("preset", "Misty Morning")
N_ ("Fog in the valleys and the first light.")

#line 1 "data/presets/oil-painting.json"
NC_ ("preset", "Oil Painting")
N_ ("Visible brushwork in rich colors.")

#line 1 "data/presets/pencil-drawing.json"
NC_ ("preset", "Pencil Drawing")
N_ ("Graphite on paper, with hatching.")

#line 1 "data/presets/product-on-surface.json"
NC_ ("preset", "Product on a Surface")
NC_ ("preset category", "Product")
N_ ("An object on stone, wood or cloth. Add <surface|oak> to the prompt for another one.")

#line 1 "data/presets/product-on-white.json"
NC_ ("preset", "Product on White")
N_ ("One object before a plain white background, for a shop.")

#line 1 "data/presets/repair-damage.json"
NC_ ("preset", "Repair Damage")
N_ ("Continues the surroundings where a selected part is torn or stained.")

#line 1 "data/presets/restore-old-photograph.json"
NC_ ("preset", "Restore an Old Photograph")
N_ ("Takes dust, scratches and fading out of a scan and stays close to it.")

#line 1 "data/presets/rim-light.json"
NC_ ("preset", "Rim Light")
N_ ("A dark studio with a bright line along hair and shoulders.")

#line 1 "data/presets/watercolor.json"
NC_ ("preset", "Watercolor")
N_ ("Transparent colors on rough paper.")

#line 1 "data/presets/window-light.json"
NC_ ("preset", "Window Light")
N_ ("A face or figure beside a large window, soft on one side.")
