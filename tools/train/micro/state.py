# SPDX-License-Identifier: LGPL-3.0-or-later
"""What the trainings share: states that survive being stopped, averages,
threads, learning rates."""
import os
import signal
import time

import torch


def device():
    return 'cuda' if torch.cuda.is_available() else 'cpu'


def load(path):
    return torch.load(path, weights_only=True, map_location='cpu')


def save(path, state):
    torch.save(state, path + '.tmp')
    os.replace(path + '.tmp', path)


class Run:
    """One training: models, their averages and the optimizer in one file.

    What a step draws is determined by its number, so that a run that was
    stopped and goes on is the same as one that was not.
    """

    def __init__(self, path, models, rate, decay=.999, betas=(.9, .99),
                 weight_decay=1e-3):
        self.path, self.models, self.decay = path, models, decay
        self.step, self.seconds, self.stopped = 0, 0.0, False
        self.rate = rate
        self.parameters = [p for m in models.values()
                           for p in m.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.parameters, rate, betas=betas,
                                           weight_decay=weight_decay)
        self.average = {name: {k: v.detach().clone()
                               for k, v in m.state_dict().items()}
                        for name, m in models.items()}
        if os.path.exists(path):
            state = load(path)
            for name, model in models.items():
                model.load_state_dict(state['models'][name])
                for k, v in state['average'][name].items():
                    self.average[name][k].copy_(v)
            self.optimizer.load_state_dict(state['optimizer'])
            self.step, self.seconds = state['step'], state['seconds']
        self.begun = self.saved = self.told = time.time()
        self.losses = {}
        signal.signal(signal.SIGTERM, self._stop)

    def _stop(self, *_):
        self.stopped = True

    def learning_rate(self, steps, warm=100, fall=.3):
        """Even, but rising at the start and falling over the last part."""
        left = (steps - self.step) / max(1, fall * steps)
        scale = min(1.0, (self.step + 1) / warm, max(left, .01))
        for group in self.optimizer.param_groups:
            group['lr'] = self.rate * scale

    def update(self, loss, clip=1.0):
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, clip)
        self.optimizer.step()
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
        if self.step % every == 0:
            means = ' '.join(f'{k} {sum(v) / len(v):.4f}'
                             for k, v in self.losses.items())
            now = time.time()
            print(f'{self.step} {means} {(now - self.told) / every:.2f} '
                  f's/step', flush=True)
            self.losses, self.told = {}, now

    def keep(self, seconds=120, finished=False):
        """Saves from time to time; whether to go on."""
        now = time.time()
        if finished or self.stopped or now - self.saved > seconds:
            self.saved = now
            save(self.path, {
                'models': {k: m.state_dict() for k, m in self.models.items()},
                'average': self.average,
                'optimizer': self.optimizer.state_dict(), 'step': self.step,
                'seconds': self.seconds + now - self.begun})
        if finished:
            with open(self.path[:-3] + '.done', 'w', encoding='utf-8') as f:
                f.write(f'{self.step}\n')
        return not self.stopped
