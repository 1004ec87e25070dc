# SPDX-License-Identifier: LGPL-3.0-or-later
"""Writes trained weights as a folder that Diffusers would have, in fp16.

usage: export.py KIND UNET.pt --vae VAE.pt --scale FILE.json
                 --vocabulary FOLDER --out FOLDER [--share ../base]
--share: autoencoder, text encoder and vocabulary are links to that folder.
"""
import argparse
import json
import os
import shutil

import numpy as np

import diffusion
import state
import text
import unet
import vae

PIPELINES = {'base': 'StableDiffusionPipeline',
             'inpaint': 'StableDiffusionInpaintPipeline',
             'edit': 'StableDiffusionInstructPix2PixPipeline'}
SHARED = ('vae', 'text_encoder', 'tokenizer')


def write_json(content, *path):
    path = os.path.join(*path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as f:
        json.dump(content, f, indent=1)
        f.write('\n')


def write_weights(weights, *path):
    """A .safetensors file of half floats."""
    header, blocks, at = {'__metadata__': {'format': 'pt'}}, [], 0
    for name, value in sorted(weights.items()):
        data = value.numpy().astype(np.float16)
        if not np.isfinite(data).all():
            raise ValueError(f'{name} does not fit half floats')
        header[name] = {'dtype': 'F16', 'shape': list(data.shape),
                        'data_offsets': [at, at + data.nbytes]}
        at += data.nbytes
        blocks.append(data.tobytes())
    text_ = json.dumps(header).encode()
    text_ += b' ' * (-len(text_) % 8)
    path = os.path.join(*path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as f:
        f.write(len(text_).to_bytes(8, 'little'))
        f.write(text_)
        f.writelines(blocks)


def export_unet(kind, weights, out):
    c = unet.CONFIG
    n = len(c['channels'])
    down = ['CrossAttnDownBlock2D' if a else 'DownBlock2D'
            for a in c['attention']]
    up = ['CrossAttnUpBlock2D' if a else 'UpBlock2D'
          for a in c['attention'][::-1]]
    write_json({
        '_class_name': 'UNet2DConditionModel', 'act_fn': 'silu',
        # Diffusers keeps the number of heads under this name.
        'attention_head_dim': list(c['heads']),
        'block_out_channels': list(c['channels']),
        'cross_attention_dim': c['context'], 'down_block_types': down,
        'up_block_types': up, 'flip_sin_to_cos': True, 'freq_shift': 0,
        'in_channels': weights['conv_in.weight'].shape[1],
        'out_channels': 4, 'layers_per_block': c['layers'],
        'mid_block_type': 'UNetMidBlock2DCrossAttn', 'norm_eps': 1e-5,
        'norm_num_groups': c['groups'], 'sample_size': 32,
        'use_linear_projection': False}, out, 'unet', 'config.json')
    assert n == len(down)
    write_weights(weights, out, 'unet',
                  'diffusion_pytorch_model.fp16.safetensors')


def export_vae(weights, scale, out):
    c = vae.CONFIG
    n = len(c['channels'])
    write_json({
        '_class_name': 'AutoencoderKL', 'act_fn': 'silu',
        'block_out_channels': list(c['channels']),
        'down_block_types': ['DownEncoderBlock2D'] * n,
        'up_block_types': ['UpDecoderBlock2D'] * n,
        'in_channels': 3, 'out_channels': 3, 'latent_channels': c['latent'],
        'layers_per_block': c['layers'], 'norm_num_groups': c['groups'],
        'sample_size': 256, 'scaling_factor': scale,
        'use_quant_conv': True, 'use_post_quant_conv': True},
        out, 'vae', 'config.json')
    write_weights(weights, out, 'vae',
                  'diffusion_pytorch_model.fp16.safetensors')


def export_text(weights, out):
    c = text.CONFIG
    size = weights['text_model.embeddings.token_embedding.weight'].shape[0]
    write_json({
        'architectures': ['CLIPTextModel'], 'model_type': 'clip_text_model',
        'hidden_act': 'quick_gelu', 'hidden_size': c['width'],
        'intermediate_size': c['mlp'], 'layer_norm_eps': 1e-5,
        'max_position_embeddings': c['positions'],
        'num_attention_heads': c['heads'], 'num_hidden_layers': c['layers'],
        'projection_dim': c['width'], 'vocab_size': size,
        'bos_token_id': size - 2, 'eos_token_id': size - 1,
        'pad_token_id': size - 1}, out, 'text_encoder', 'config.json')
    write_weights(weights, out, 'text_encoder', 'model.fp16.safetensors')


def export_index(kind, out):
    write_json({
        '_class_name': PIPELINES[kind],
        'unet': ['diffusers', 'UNet2DConditionModel'],
        'vae': ['diffusers', 'AutoencoderKL'],
        'text_encoder': ['transformers', 'CLIPTextModel'],
        'tokenizer': ['transformers', 'CLIPTokenizer'],
        'scheduler': ['diffusers', 'DDIMScheduler'],
        'safety_checker': [None, None], 'feature_extractor': [None, None],
        'requires_safety_checker': False}, out, 'model_index.json')
    write_json({
        '_class_name': 'DDIMScheduler', 'beta_start': diffusion.BETAS[0],
        'beta_end': diffusion.BETAS[1], 'beta_schedule': 'scaled_linear',
        'num_train_timesteps': diffusion.TIMES,
        'prediction_type': 'v_prediction', 'rescale_betas_zero_snr': True,
        'timestep_spacing': 'trailing', 'steps_offset': 0,
        'clip_sample': False, 'set_alpha_to_one': True},
        out, 'scheduler', 'scheduler_config.json')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('kind', choices=PIPELINES)
    parser.add_argument('unet')
    parser.add_argument('--vae', required=True)
    parser.add_argument('--scale', required=True)
    parser.add_argument('--vocabulary', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--share')
    args = parser.parse_args()
    weights = state.load(args.unet)['average']
    export_index(args.kind, args.out)
    export_unet(args.kind, unet.cut(weights['unet'], args.kind), args.out)
    if args.share:
        for name in SHARED:
            link = os.path.join(args.out, name)
            if not os.path.islink(link):
                os.symlink(os.path.join(args.share, name), link)
        return
    with open(args.scale, encoding='utf-8') as f:
        scale = json.load(f)['scale']
    export_vae(state.load(args.vae)['average']['vae'], scale, args.out)
    export_text(weights['text'], args.out)
    shutil.copytree(args.vocabulary, os.path.join(args.out, 'tokenizer'),
                    dirs_exist_ok=True)


if __name__ == '__main__':
    main()
