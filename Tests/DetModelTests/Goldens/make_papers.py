"""Writes papers.json: guided anchoring and the cascade head, written from their papers.

torchvision has neither; its operations (deformable convolution, RoIAlign, suppression, box_iou) are used here, and
nothing of this project. Weights and inputs come out of formulas in noise.py.

    Wang et al. 2019, Region Proposal by Guided Anchoring: GuidedAnchoring, with the weights and normalisers of the authors'
        release (mmdetection: ga_loc_target, ga_shape_target, configs/guided_anchoring/ga_faster_r50_caffe_fpn_1x.py)
    Cai & Vasconcelos 2018, Cascade R-CNN: Cascade

Run with torch and torchvision 0.28 on the CPU:  python make_papers.py
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torchvision.ops import MultiScaleRoIAlign, batched_nms, box_iou, clip_boxes_to_image, deform_conv2d

from noise import boxes, detections, fill, gradients, tensor, values

BACKGROUND, NEITHER = -1, -2
MOST_GROWTH = math.log(1000 / 16)


def encode(source, target, deviations):
    size, wanted = source[:, 2:] - source[:, :2], target[:, 2:] - target[:, :2]
    moves = ((target[:, :2] + wanted / 2) - (source[:, :2] + size / 2)) / size
    return torch.cat([moves, (wanted / size).log()], 1) / torch.tensor(deviations)


def decode(source, deltas, deviations):
    size = source[:, 2:] - source[:, :2]
    deltas = deltas * torch.tensor(deviations)
    centre = source[:, :2] + size / 2 + deltas[:, :2] * size
    half = deltas[:, 2:].clamp(max=MOST_GROWTH).exp() * size / 2
    return torch.cat([centre - half, centre + half], 1)


def assign(iou, low, high, keeps_best):
    """For each row of boxes the truth (column), or BACKGROUND, or NEITHER."""
    best, truth = iou.max(1)
    match = torch.where(best >= high, truth, torch.where(best < low, BACKGROUND, NEITHER))
    if keeps_best:
        is_best = ((iou == iou.max(0).values) & (iou > 0)).any(1)
        match = torch.where(is_best, truth, match)
    return match


class Head(nn.Module):
    """One set of layers for all levels, named as in this project."""

    def __init__(self, c, groups=4):
        super().__init__()
        self.conv = nn.Sequential(nn.Sequential(nn.Conv2d(c, c, 3, padding=1)))
        self.location = nn.Conv2d(c, 1, 1)
        self.shape = nn.Conv2d(c, 2, 1)
        self.adaption = nn.ModuleDict({"offset": nn.Conv2d(2, groups * 18, 1, bias=False),
                                       "conv": nn.Conv2d(c, c, 3, padding=1, bias=False)})
        self.cls_logits = nn.Conv2d(c, 1, 1)
        self.bbox_pred = nn.Conv2d(c, 4, 1)

    def forward(self, x):
        x = F.relu(self.conv(x))
        location, shape = self.location(x), self.shape(x)
        offsets = self.adaption["offset"](shape.detach())
        adapted = F.relu(deform_conv2d(x, offsets, self.adaption["conv"].weight, padding=1))
        return location, shape, self.cls_logits(adapted), self.bbox_pred(adapted)


class GuidedAnchoring(nn.Module):
    DEVIATIONS = [0.07, 0.07, 0.11, 0.11]
    SHAPE_DEVIATION = 0.14

    def __init__(self, c, strides, scale, ratios=(0.5, 1.0, 2.0)):
        super().__init__()
        self.rpn = nn.ModuleDict({"head": Head(c)})
        self.strides, self.scale, self.ratios = strides, scale, ratios

    def forward(self, levels):
        """Per level: location [N, cells], shape [N, cells, 2], score [N, cells], deltas [N, cells, 4]."""
        outputs = [self.rpn["head"](x) for x in levels]
        rows = [[y.flatten(2).transpose(1, 2) for y in level] for level in outputs]
        return [torch.cat(part, 1) for part in zip(*rows)]

    def middles(self, levels):
        """Of every cell: its middle and the stride of its level, [cells, 3]."""
        result = []
        for x, stride in zip(levels, self.strides):
            y, x = torch.meshgrid(torch.arange(x.shape[2]), torch.arange(x.shape[3]), indexing="ij")
            cells = torch.stack([(x + 0.5) * stride, (y + 0.5) * stride, torch.full(x.shape, float(stride))], 2)
            result.append(cells.reshape(-1, 3))
        return torch.cat(result)

    def around(self, middles, sides):
        """Boxes [cells, 4] with sides in units of scale x stride."""
        half = middles[:, 2:] * self.scale * sides / 2
        return torch.cat([middles[:, :2] - half, middles[:, :2] + half], 1)

    def samples_of_shapes(self, middles):
        """Section 3.3: three sizes an octave times the ratios stand for all shapes."""
        sides = [(2 ** (i / 3) / r ** 0.5, 2 ** (i / 3) * r ** 0.5) for i in range(3) for r in self.ratios]
        return [self.around(middles, torch.tensor([side])) for side in sides]

    def level_of(self, box):
        side = ((box[2] - box[0]) * (box[3] - box[1])).sqrt().item()
        return min(range(len(self.strides)), key=lambda l: abs(math.log2(side / (self.scale * self.strides[l]))))

    def location_targets(self, middles, truths):
        """Section 3.2: 0 at centres, NEITHER around them and on neighbouring levels, BACKGROUND elsewhere."""
        labels = torch.full([len(middles)], BACKGROUND)

        def inside(box, stride, share):
            on_level = middles[:, 2] == stride
            centre, size = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
            near = ((middles[:, :2] - centre).abs() <= share * size / 2).all(1)
            extent = middles[on_level, :2].max(0).values / stride - 0.5
            own = torch.minimum((centre / stride).floor().clamp(min=0), extent)
            cell = (middles[:, :2] / stride - 0.5)
            # A row (or column) of cells counts when its middle is near, or when it holds the object's middle.
            near = (((middles[:, :2] - centre).abs() <= share * size / 2) | (cell == own)).all(1)
            return on_level & near

        for box in truths:
            own = self.level_of(box)
            for level in (own - 1, own, own + 1):
                if 0 <= level < len(self.strides):
                    labels[inside(box, self.strides[level], 0.5)] = NEITHER
        for box in truths:
            labels[inside(box, self.strides[self.level_of(box)], 0.2)] = 0
        return labels

    def anchors(self, middles, shapes):
        return self.around(middles, (self.SHAPE_DEVIATION * shapes).clamp(max=MOST_GROWTH).exp())

    def losses(self, levels, truths):
        """Equation 7 with every match sampled; all losses weigh 1."""
        middles = self.middles(levels)
        location, shape, score, deltas = self(levels)
        places, sides, right, moves, labels = [], [], [], [], []
        samples = shape_samples = 0
        for i, own in enumerate(truths):
            label = self.location_targets(middles, own)
            labels.append(label)
            target = (label == 0).float()
            p = location[i, :, 0].sigmoid()
            pt = p * target + (1 - p) * (1 - target)
            alpha = 0.25 * target + 0.75 * (1 - target)
            focal = alpha * (1 - pt) ** 2 * -pt.log()
            weight = torch.where(label == 0, 1.0, torch.where(label == NEITHER, 0.0, 0.1))
            places.append((weight * focal).sum())
            iou = torch.stack([box_iou(a, own) for a in self.samples_of_shapes(middles)]).max(0).values
            match = assign(iou, 0.3, 0.7, True)
            cells = match >= 0
            predicted = self.scale * middles[cells, 2:] * (self.SHAPE_DEVIATION * shape[i, cells]).exp()
            wanted = (own[:, 2:] - own[:, :2])[match[cells]]
            bound = torch.minimum(predicted / wanted, wanted / predicted)
            sides.append(F.smooth_l1_loss(1 - bound, torch.zeros_like(bound), beta=0.2, reduction="sum"))
            shape_samples += int((match != NEITHER).sum())
            guided = self.anchors(middles, shape[i].detach())
            match = assign(box_iou(guided, own), 0.3, 0.7, True)
            drawn, object_ = match != NEITHER, match >= 0
            samples += int(drawn.sum())
            right.append(F.binary_cross_entropy_with_logits(
                score[i, drawn, 0], object_[drawn].float(), reduction="sum"))
            target = encode(guided[object_], own[match[object_]], self.DEVIATIONS)
            moves.append(F.smooth_l1_loss(deltas[i, object_], target, reduction="sum"))
        return labels, {
            "proposals.location": sum(places) / (len(truths) * len(middles) / 200),
            "proposals.shape": sum(sides) / shape_samples,
            "proposals.objectness": sum(right) / samples, "proposals.boxes": sum(moves) / samples}

    def proposals(self, levels, sizes, before, after):
        middles = self.middles(levels)
        location, shape, score, deltas = self(levels)
        result = []
        for i, size in enumerate(sizes):
            found, scores, groups = [], [], []
            for number, stride in enumerate(self.strides):
                cells = (middles[:, 2] == stride) & (location[i, :, 0].sigmoid() >= 0.01)
                place = cells.nonzero()[:, 0]
                best = score[i, place, 0].sort(descending=True, stable=True).indices[:before]
                place = place[best]
                box = decode(self.anchors(middles, shape[i])[place], deltas[i, place], self.DEVIATIONS)
                found.append(clip_boxes_to_image(box, size))
                scores.append(score[i, place, 0])
                groups.append(torch.full([len(place)], number))
            found, scores, groups = torch.cat(found), torch.cat(scores), torch.cat(groups)
            large = (found[:, 2:] - found[:, :2] >= 0.001).all(1)
            found, scores, groups = found[large], scores[large], groups[large]
            kept = batched_nms(found, scores, groups, 0.7)[:after]
            result.append(found[kept])
        return result


def guided():
    levels = [tensor(70, 2, 16, 12, 12), tensor(71, 2, 16, 6, 6), tensor(72, 2, 16, 3, 3)]
    truths = [boxes(73, 4, 46.0), boxes(74, 2, 40.0)]
    truths[0][3] = torch.tensor([2.0, 3.0, 46.0, 43.0])  # of the coarsest level
    model = GuidedAnchoring(16, [4, 8, 16], scale=2)
    fill(model)
    with torch.no_grad():
        model.rpn["head"].location.weight *= 8  # so that the filter leaves out some cells
    labels, losses = model.losses(levels, truths)
    answer = {"labels": [l.tolist() for l in labels], "losses": {k: float(v.detach()) for k, v in losses.items()},
              "gradients": gradients(model, losses, 8)}
    with torch.no_grad():
        found = model.proposals(levels, [(48, 48), (40, 44)], before=40, after=30)
        filtered = (model(levels)[0].sigmoid() < 0.01).sum().item()
    assert 20 < filtered < 300, filtered
    answer["proposals"] = [values(p) for p in found]
    return answer


class Step(nn.Module):
    def __init__(self, inputs, width, classes):
        super().__init__()
        self.box_head = nn.ModuleDict({"fc6": nn.Linear(inputs, width), "fc7": nn.Linear(width, width)})
        self.box_predictor = nn.ModuleDict({"cls_score": nn.Linear(width, classes + 1), "bbox_pred": nn.Linear(width, 4)})

    def forward(self, x):
        x = F.relu(self.box_head["fc7"](F.relu(self.box_head["fc6"](x.flatten(1)))))
        return self.box_predictor["cls_score"](x), self.box_predictor["bbox_pred"](x)


class Cascade(nn.Module):
    IOU, WEIGHTS = [0.5, 0.6, 0.7], [1, 0.5, 0.25]

    def __init__(self, channels, width, classes):
        super().__init__()
        self.roi_heads = nn.ModuleList(Step(channels * 49, width, classes) for _ in range(3))
        self.pool = MultiScaleRoIAlign(["0", "1"], 7, 2, canonical_scale=56)

    @staticmethod
    def deviations(step):
        return [v / (step + 1) for v in (0.1, 0.1, 0.2, 0.2)]

    def pooled(self, levels, regions):
        return self.pool({str(i): x for i, x in enumerate(levels)}, regions, [(64, 64)])

    def refined(self, step, regions, deltas, sizes):
        parts = deltas.detach().split([len(r) for r in regions])
        return [clip_boxes_to_image(decode(r, d, self.deviations(step)), s) for r, d, s in zip(regions, parts, sizes)]

    def losses(self, levels, proposals, truths, labels, sizes):
        """Every proposal and truth is a sample; each step starts from the boxes of the step before."""
        regions = [torch.cat(pair) for pair in zip(proposals, truths)]
        losses = {}
        for step, head in enumerate(self.roi_heads):
            scores, deltas = head(self.pooled(levels, regions))
            match = [assign(box_iou(r, t), self.IOU[step], self.IOU[step], False) for r, t in zip(regions, truths)]
            classes = torch.cat([torch.where(m >= 0, l[m.clamp(min=0)] + 1, 0) for m, l in zip(match, labels)])
            losses[f"head.{step + 1}.classes"] = self.WEIGHTS[step] * F.cross_entropy(scores, classes)
            wanted = torch.cat([encode(r[m >= 0], t[m[m >= 0]], self.deviations(step))
                                for r, t, m in zip(regions, truths, match)])
            off = F.smooth_l1_loss(deltas[classes > 0], wanted, beta=1 / 9, reduction="sum")
            losses[f"head.{step + 1}.boxes"] = self.WEIGHTS[step] * off / len(classes)
            regions = self.refined(step, regions, deltas, sizes)
        return losses

    def detect(self, levels, proposals, sizes, floor, most):
        """Scores are averaged over the steps, boxes are those of the last one."""
        regions, total = proposals, 0
        for step, head in enumerate(self.roi_heads):
            scores, deltas = head(self.pooled(levels, regions))
            total = total + scores.softmax(1) / 3
            if step < 2:
                regions = self.refined(step, regions, deltas, sizes)
        counts = [len(r) for r in regions]
        result = []
        for r, d, p, size in zip(regions, deltas.split(counts), total.split(counts), sizes):
            box = clip_boxes_to_image(decode(r, d, self.deviations(2)), size)
            row, label = (p[:, 1:] > floor).nonzero(as_tuple=True)
            score = p[row, label + 1]
            kept = batched_nms(box[row], score, label, 0.5)[:most]
            result.append({"boxes": box[row][kept], "labels": label[kept], "scores": score[kept]})
        return result


def cascade():
    levels = [tensor(80, 2, 8, 16, 16), tensor(81, 2, 8, 8, 8)]
    truths, labels = [boxes(82, 3, 60.0), boxes(83, 2, 50.0)], [torch.tensor([0, 2, 1]), torch.tensor([1, 1])]
    sizes = [(64, 64), (50, 60)]
    proposals = [torch.cat([boxes(84 + i, 12, 60.0), truths[i] + 3 * tensor(86 + i, *truths[i].shape)]) for i in (0, 1)]
    proposals = [clip_boxes_to_image(p, s) for p, s in zip(proposals, sizes)]
    model = Cascade(8, 24, 3)
    fill(model)
    with torch.no_grad():
        for head in model.roi_heads:
            head.box_predictor["cls_score"].weight *= 60  # scores that differ, boxes that move
            head.box_predictor["bbox_pred"].weight *= 20
    losses = model.losses(levels, proposals, truths, labels, sizes)
    answer = {"losses": {k: float(v.detach()) for k, v in losses.items()}, "gradients": gradients(model, losses, 6)}
    with torch.no_grad():
        found = model.detect(levels, proposals, sizes, 0.05, 10)
    assert all(len(f["labels"]) > 4 for f in found)
    answer["detections"] = detections(found)
    return answer


def main():
    answer = {"torch": torch.__version__, "torchvision": torchvision.__version__, "guided": guided(), "cascade": cascade()}
    pathlib.Path(__file__).with_name("papers.json").write_text(json.dumps(answer, sort_keys=True) + "\n")


main()
