// SPDX-License-Identifier: GPL-2.0-or-later
import type { Benchmark } from './benchmark.ts';
import { damaged } from './damaged.ts';
import { images } from './images.ts';
import { killed } from './killed.ts';
import { launch } from './launch.ts';
import { lint } from './lint.ts';
import { boot, loopback, memory, nullSyscall } from './micro.ts';
import { passthrough } from './passthrough.ts';
import { soak } from './soak.ts';
import { tcpReceive, tcpRoundTrip, tcpSend } from './tcp.ts';
import { torture } from './torture.ts';

/** All benchmarks, in the order in which they are run and shown. */
export const benchmarks: readonly Benchmark[] = [
  nullSyscall,
  tcpRoundTrip,
  tcpSend,
  tcpReceive,
  loopback,
  boot,
  memory,
  passthrough,
  launch,
  lint,
  soak,
  torture,
  damaged,
  killed,
  ...images,
];
