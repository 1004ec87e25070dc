# SPDX-License-Identifier: LGPL-3.0-or-later
"""What the trainings share: states that survive being stopped, averages,
threads, learning rates."""
import os
import signal
import time

import torch
from torch import distributed


def device():
    return 'cuda' if torch.cuda.is_available() else 'cpu'


def autocast(kind):
    """bfloat16 where the device computes with it; elsewhere it would be ten
    times slower."""
    cpu = torch.cpu
    has = kind != 'cpu' or cpu._is_avx512_bf16_supported() \
        or cpu._is_amx_tile_supported()
    return torch.autocast(kind, torch.bfloat16, enabled=has)


def load(path):
    return torch.load(path, weights_only=True, map_location='cpu')


def _work(worker, function, workers, meeting, args):
    distributed.init_process_group('gloo', init_method='file://' + meeting,
                                   rank=worker, world_size=workers)
    function(args)


def side_by_side(workers, meeting, function, args):
    """Calls function (args) in @workers processes that share each step of a
    Run; they meet in the file @meeting."""
    if workers == 1 or torch.cuda.is_available():
        function(args)
        return
    if os.path.exists(meeting):
        os.remove(meeting)
    os.environ.setdefault('GLOO_SOCKET_IFNAME', 'lo')
    # A process group is ended together: the workers save, this one waits.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    torch.multiprocessing.spawn(_work, (function, workers, meeting, args),
                                workers)


def worker():
    """(number of this process, how many there are)."""
    if distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    return 0, 1


def save(path, state):
    torch.save(state, path + '.tmp')
    os.replace(path + '.tmp', path)


def orthogonal(m, steps=5):
    """A matrix with the singular vectors of @m and values near 1, by Newton
    and Schulz (coefficients: Jordan et al. 2024)."""
    is_tall = m.shape[0] > m.shape[1]
    x = m.T if is_tall else m
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x.T if is_tall else x


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal, for weights that are matrices or
    convolutions (Jordan et al. 2024, "Muon")."""

    def __init__(self, parameters, lr, momentum=.95, weight_decay=1e-3):
        super().__init__(parameters, {'lr': lr, 'momentum': momentum,
                                      'weight_decay': weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group['params']:
                if p.grad is None:
                    continue
                kept = self.state[p]
                if 'momentum' not in kept:
                    kept['momentum'] = torch.zeros_like(p)
                m = kept['momentum'].lerp_(p.grad, 1 - group['momentum'])
                g = p.grad.lerp(m, group['momentum']).flatten(1)
                scale = max(1, g.shape[0] / g.shape[1]) ** .5
                p.mul_(1 - group['lr'] * group['weight_decay'])
                p.add_(orthogonal(g).view_as(p), alpha=-group['lr'] * scale)


# Layers at the ends, which are no maps between features.
ENDS = ('embedding', 'conv_in', 'conv_out', 'quant_conv', 'head')


class Run:
    """One training: models, their averages and the optimizer in one file.

    What a step draws is determined by its number, so that a run that was
    stopped and goes on is the same as one that was not.
    """

    def __init__(self, path, models, rate, muon=0.0, decay=.999,
                 betas=(.9, .99), weight_decay=1e-3, share=()):
        """@muon: the rate of matrices and convolutions, if not 0.  @share:
        what part of the rates some of the models have."""
        share = dict(share)
        self.path, self.models, self.decay = path, models, decay
        self.step, self.seconds, self.stopped = 0, 0.0, False
        named = [(k, n, p) for k, m in models.items()
                 for n, p in m.named_parameters() if p.requires_grad]
        self.parameters = [p for _, _, p in named]
        inner = {id(p): k for k, n, p in named if muon and p.dim() > 1
                 and not any(end in n for end in ENDS)}
        self.optimizers = [torch.optim.AdamW(
            [{'params': [p for k, n, p in named
                         if k == name and id(p) not in inner],
              'lr': rate * share.get(name, 1)}
             for name in models if any(k == name for k, _, _ in named)],
            rate, betas=betas, weight_decay=weight_decay)]
        if inner:
            self.optimizers.append(Muon(
                [{'params': [p for p in self.parameters
                             if inner.get(id(p)) == name],
                  'lr': muon * share.get(name, 1)}
                 for name in models if name in inner.values()],
                muon, weight_decay=weight_decay))
        self.rates = [group['lr'] for o in self.optimizers
                      for group in o.param_groups]
        self.average = {name: {k: v.detach().clone()
                               for k, v in m.state_dict().items()}
                        for name, m in models.items()}
        if os.path.exists(path):
            state = load(path)
            for name, model in models.items():
                model.load_state_dict(state['models'][name])
                for k, v in state['average'][name].items():
                    self.average[name][k].copy_(v)
            for optimizer, kept in zip(self.optimizers, state['optimizers']):
                optimizer.load_state_dict(kept)
            self.step, self.seconds = state['step'], state['seconds']
        self.begun = self.saved = self.told = time.time()
        self.losses = {}
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, *_):
        self.stopped = True

    def left(self, steps, fall):
        """Above 1 until the last part, then down to 0."""
        return (steps - self.step) / max(1, fall * steps)

    def learning_rate(self, steps, warm=100, fall=.3):
        """Even, but rising at the start and falling over the last part."""
        scale = min(1.0, (self.step + 1) / warm,
                    max(self.left(steps, fall), .01))
        groups = [g for o in self.optimizers for g in o.param_groups]
        for group, rate in zip(groups, self.rates):
            group['lr'] = rate * scale

    def _share(self):
        """The mean gradient of all workers; all stop together."""
        number = worker()[1]
        if number == 1:
            return
        flat = torch.cat([p.grad.flatten() for p in self.parameters]
                         + [torch.tensor([float(self.stopped)])])
        distributed.all_reduce(flat)
        self.stopped = bool(flat[-1] > 0)
        at = 0
        for p in self.parameters:
            p.grad.copy_(flat[at:at + p.numel()].view_as(p) / number)
            at += p.numel()

    def update(self, loss, clip=1.0):
        for p in self.parameters:
            p.grad = None
        loss.backward()
        self._share()
        torch.nn.utils.clip_grad_norm_(self.parameters, clip)
        for optimizer in self.optimizers:
            optimizer.step()
        self.step += 1
        decay = min(self.decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, model in self.models.items():
                average = self.average[name]
                for k, v in model.state_dict().items():
                    average[k].lerp_(v, 1 - decay)

    def tell(self, every, **losses):
        for k, v in losses.items():
            self.losses.setdefault(k, []).append(float(v))
        if self.step % every == 0 and worker()[0] == 0:
            means = ' '.join(f'{k} {sum(v) / len(v):.4f}'
                             for k, v in self.losses.items())
            now = time.time()
            print(f'{self.step} {means} {(now - self.told) / every:.2f} '
                  f's/step', flush=True)
            self.losses, self.told = {}, now

    def keep(self, seconds=120, finished=False):
        """Saves from time to time; whether to go on."""
        now = time.time()
        if worker()[0] > 0:
            return not self.stopped
        if finished or self.stopped or now - self.saved > seconds:
            self.saved = now
            save(self.path, {
                'models': {k: m.state_dict() for k, m in self.models.items()},
                'average': self.average,
                'optimizers': [o.state_dict() for o in self.optimizers],
                'step': self.step,
                'seconds': self.seconds + now - self.begun})
        if finished:
            with open(self.path[:-3] + '.done', 'w', encoding='utf-8') as f:
                f.write(f'{self.step}\n')
        return not self.stopped
