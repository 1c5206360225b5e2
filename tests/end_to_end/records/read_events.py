"""Prints what TensorBoard reads from a run folder, as JSON: scalars by tag as [step, value], images by tag."""

import io
import json
import sys

from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "images": 0})
events.Reload()
tags = events.Tags()
images = {tag: [[e.step, *Image.open(io.BytesIO(e.encoded_image_string)).size, e.width, e.height]
                for e in events.Images(tag)] for tag in tags["images"]}
print(json.dumps({"scalars": {tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in tags["scalars"]},
                  "images": images}))
