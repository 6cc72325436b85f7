"""The same work by torchvision: PIL decoding, v2 transforms on image and boxes, a DataLoader of two workers.

python3 torchvision_loader.py FOLDER WIDTHxHEIGHT [WORKERS] [tensor|pil] [ROUNDS]

tensor: to a uint8 tensor first, then the resize that torchvision recommends; pil: resize while still a PIL image.
"""
import pathlib
import resource
import sys
import time

import PIL
import torch
import torchvision
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import tv_tensors
from torchvision.transforms import v2

folder, (width, height) = sys.argv[1], map(int, sys.argv[2].split("x"))
workers = int(sys.argv[3]) if len(sys.argv) > 3 else 2
kind = sys.argv[4] if len(sys.argv) > 4 else "tensor"
rounds = int(sys.argv[5]) if len(sys.argv) > 5 else 3


class Images(Dataset):
    def __init__(self):
        self.paths = sorted(pathlib.Path(folder).glob("*.jpg"))
        end = [v2.RandomHorizontalFlip(0.5), v2.ToDtype(torch.float32, scale=True),
               v2.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
        self.after = v2.Compose(end)

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        image = Image.open(self.paths[index]).convert("RGB")
        scale = min(width / image.width, height / image.height)
        size = [round(image.height * scale), round(image.width * scale)]
        boxes = tv_tensors.BoundingBoxes([[10, 10, 100, 100]], format="XYXY", canvas_size=(image.height, image.width))
        if kind == "pil":
            image, boxes = v2.Resize(size, antialias=True)(image, boxes)
            image = v2.functional.to_image(image)
        else:
            image, boxes = v2.Resize(size, antialias=True)(v2.functional.to_image(image), boxes)
        image, boxes = self.after(image, boxes)
        # Pad to a multiple of 32 as a detector needs it.
        image = v2.functional.pad(image, [0, 0, -size[1] % 32, -size[0] % 32])
        return image, boxes


def collate(items):
    return torch.stack([image for image, _ in items]), [boxes for _, boxes in items]


def processor():
    """Processor seconds of this process and of its finished workers."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def peak():
    """Largest memory in MB of this process and the largest worker's for each worker: an upper bound of the sum."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (own + workers * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024


if __name__ == "__main__":
    torch.set_num_threads(1)
    loader = DataLoader(Images(), batch_size=16, shuffle=True, drop_last=True, num_workers=workers, collate_fn=collate)
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, pillow {PIL.__version__}")
    for turn in range(rounds):
        before = processor()
        start, images = time.perf_counter(), 0
        for batch, _ in loader:
            images += len(batch)
        seconds = time.perf_counter() - start
        used = (processor() - before) / images * 1000
        print(f"{width}x{height} {kind} workers {workers} round {turn}: {images} images, {images / seconds:.0f} images/s, "
              f"{used:.2f} ms of processor per image, peak {peak()} MB")
