// The learning rate of every step: functions of where training stands, so a run that is continued in the
// middle of an epoch goes on with the same rates.
#pragma once

#include <cstdint>

#include "pipeline/checkpoint/run_folder.hpp"
#include "pipeline/config/experiment.hpp"
#include "train/loop/metric.hpp"

namespace chorale::train {

// The rate of a step of the optimiser, by train.schedule; `step` counts from 0 over all epochs, and of T =
// train.epochs * steps_per_epoch there are W = train.warmup_epochs * steps_per_epoch of warm-up.
//   constant   lr
//   plateau    lr as plateau_after() has reduced it
//   step       lr * factor^(epoch / step_epochs) (torch: StepLR)
//   cosine     from lr in step W to min_lr in step T (torch: CosineAnnealingLR)
//   one_cycle  lr/25 to lr in 30 % of T, then to lr/250000 (torch: OneCycleLR without cycling of momentum)
// In warm-up the rate is lr * (step + 1) / (W + 1) with all but one_cycle (torch: LinearLR).
double learning_rate(const config::Train& options, std::int64_t step, std::int64_t steps_per_epoch,
                     const checkpoint::Plateau& plateau);

// The state after an epoch that ended with `value`: as torch.optim.lr_scheduler.ReduceLROnPlateau with
// train.factor, train.plateau_patience, train.min_lr and its default threshold. Other schedules leave it.
checkpoint::Plateau plateau_after(checkpoint::Plateau plateau, double value, Metric::Better better,
                                  const config::Train& options);

}  // namespace chorale::train
