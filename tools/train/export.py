# SPDX-License-Identifier: LGPL-3.0-or-later
"""Writes a trained network as ONNX, with 16-bit weights and what the engine
wants to know in its metadata.

usage: export.py NAME FOLDER-WITH-NAME.pt OUTPUT.onnx
"""
import sys

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

import nets


class Writer:
    def __init__(self, model):
        self.weights = {k: v.detach().float().cpu().numpy()
                        for k, v in model.state_dict().items()}
        self.nodes, self.initializers, self.n = [], [], 0
        self.macs = 0.0

    def constant(self, value, name):
        self.initializers.append(numpy_helper.from_array(value, name))
        return name

    def op(self, kind, inputs, **attributes):
        self.n += 1
        out = f'{kind.lower()}_{self.n}'
        self.nodes.append(helper.make_node(kind, inputs, [out], out,
                                           **attributes))
        return out

    def weight(self, name):
        half = self.constant(self.weights[name].astype(np.float16), name)
        return self.op('Cast', [half], to=TensorProto.FLOAT)

    def conv(self, x, name, has_bias=True, stride=1, pad=None, at=1):
        """at: pixels of the network's input for each pixel of the result."""
        k = self.weights[name + '.weight'].shape[2]
        self.macs += self.weights[name + '.weight'].size / at
        pad = k // 2 if pad is None else pad
        inputs = [x, self.weight(name + '.weight')]
        if has_bias:
            inputs.append(self.weight(name + '.bias'))
        return self.op('Conv', inputs, kernel_shape=[k, k],
                       strides=[stride] * 2, pads=[pad] * 4)

    def blocks(self, x, name, n, at=1):
        for i in range(n):
            y = self.conv(x, f'{name}.{i}.a', at=at)
            y = self.conv(self.op('Relu', [y]), f'{name}.{i}.b', at=at)
            x = self.op('Add', [x, y])
        return x

    def with_planes(self, image, setting, count):
        """The image around 0, with the settings as planes beside it."""
        shape = self.op('Shape', [image])
        sides = self.op('Gather', [shape, self.constant(
            np.array([2, 3], np.int64), 'axes_hw')])
        full = self.op('Concat', [self.constant(
            np.array([1, count], np.int64), 'one_k'), sides], axis=0)
        planes = self.op('Unsqueeze', [setting, self.constant(
            np.array([2, 3], np.int64), 'last_axes')])
        planes = self.op('Expand', [planes, full])
        centred = self.op('Sub', [image, self.constant(
            np.array(0.5, np.float32), 'half')])
        return self.op('Concat', [centred, planes], axis=1)


def restore(w, model):
    x = w.with_planes('image', 'strength', 3)
    a = w.conv(x, 'head', stride=2, pad=1, at=4)
    a = w.blocks(a, 'enc', len(model.enc), 4)
    b = w.conv(a, 'down', stride=2, pad=0, at=16)
    b = w.blocks(b, 'body', len(model.body), 16)
    b = w.conv(b, 'up', at=16)
    b = w.op('Resize', [b, '', w.constant(
        np.array([1, 1, 2, 2], np.float32), 'twice')], mode='nearest',
        coordinate_transformation_mode='asymmetric', nearest_mode='floor')
    y = w.blocks(w.op('Add', [a, b]), 'dec', len(model.dec), 4)
    y = w.op('DepthToSpace', [w.conv(y, 'tail', at=4)], blocksize=2,
             mode='CRD')
    return w.op('Add', ['image', y])


def upscale(w, model):
    x = w.conv(w.with_planes('image', 'profile', 4), 'head')
    y = w.op('Add', [x, w.blocks(x, 'body', len(model.body))])
    y = w.op('Add', [w.conv(y, 'tail'), w.conv('image', 'skip', False)])
    return w.op('DepthToSpace', [y], blocksize=model.scale, mode='CRD')


def export(name, model, path):
    w = Writer(model)
    last = (restore if name == 'restore-1x' else upscale)(w, model)
    w.nodes.append(helper.make_node('Identity', [last], ['result'], 'result'))
    settings = len(nets.STRENGTHS if model.scale == 1 else nets.PROFILES)
    float32 = TensorProto.FLOAT
    graph = helper.make_graph(
        w.nodes, name,
        [helper.make_tensor_value_info('image', float32,
                                       [1, 3, 'height', 'width']),
         helper.make_tensor_value_info(model.setting_name, float32,
                                       [1, settings])],
        [helper.make_tensor_value_info('result', float32,
                                       [1, 3, 'out_height', 'out_width'])],
        w.initializers)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)],
                             ir_version=8, producer_name='Pentimento')
    helper.set_model_props(made, {
        'pentimento.scale': str(model.scale),
        'pentimento.overlap': str(model.overlap()),
        'pentimento.multiple': str(model.multiple),
        'pentimento.macs': str(round(w.macs)),
        'pentimento.settings': ','.join(
            nets.STRENGTHS if model.scale == 1 else nets.PROFILES)})
    onnx.checker.check_model(made, full_check=True)
    onnx.save(made, path)


def main():
    name, folder, path = sys.argv[1:4]
    model = nets.make(name)
    if folder != '-':
        state = torch.load(f'{folder}/{name}.pt', weights_only=True)
        model.load_state_dict(state['average'])
    export(name, model, path)


if __name__ == '__main__':
    main()
