import DetBasics

/// The program that makes torchvision's detector and loads the weights that lie beside it.
package enum TorchvisionScript {
  /// The program for a detector.
  package static func text(_ settings: TorchvisionSettings) throws -> String {
    program.replacing("SETTINGS_JSON", with: try JSON.text(settings, pretty: true))
  }

  private static let program = #"""
    """A detector of smnas as torchvision's own: detector() makes it and loads detector.pth, which lies beside this file.

        from detector import detector
        found = detector()([image])[0]  # image [3, H, W] from 0 to 1; boxes in its pixels, scores, labels

    Labels of FasterRCNN begin with 1, those of RetinaNet with 0; CLASSES names them. Needs torch and torchvision.
    """
    import json
    import pathlib

    import torch
    import torchvision
    from torchvision.models._utils import IntermediateLayerGetter
    from torchvision.models.detection import FasterRCNN, RetinaNet
    from torchvision.models.detection.anchor_utils import AnchorGenerator
    from torchvision.ops import FeaturePyramidNetwork, FrozenBatchNorm2d, MultiScaleRoIAlign, roi_align
    from torchvision.ops.feature_pyramid_network import LastLevelMaxPool, LastLevelP6P7

    SETTINGS = json.loads(r"""
    SETTINGS_JSON
    """)
    CLASSES = SETTINGS["classes"]


    class Backbone(torch.nn.Module):
        def __init__(self):
            super().__init__()
            network = getattr(torchvision.models, SETTINGS["backbone"])(weights=None, norm_layer=FrozenBatchNorm2d)
            first = network.inplanes // 8
            layers = SETTINGS["layers"]
            self.out_channels = SETTINGS["channels"]
            self.body = IntermediateLayerGetter(network, {f"layer{layer}": str(place) for place, layer in enumerate(layers)})
            extra = {
                "pool": LastLevelMaxPool,
                "convolutions": lambda: LastLevelP6P7(self.out_channels, self.out_channels),
            }.get(SETTINGS.get("extraLevels"), lambda: None)()
            self.fpn = FeaturePyramidNetwork([first * 2 ** (layer - 1) for layer in layers], self.out_channels, extra)

        def forward(self, x):
            return self.fpn(self.body(x))


    class AlignedPooling(MultiScaleRoIAlign):
        """The same with pixel centres at whole coordinates, which torchvision's own does not offer."""

        def __init__(self, layers, size):
            super().__init__([str(i) for i in range(len(layers))], size, 2)
            self.finest = layers[0] + 1

        def forward(self, features, boxes, shapes):
            maps = [features[name] for name in self.featmap_names]
            numbers = torch.cat([torch.full_like(own[:, :1], image) for image, own in enumerate(boxes)])
            all_boxes = torch.cat(boxes)
            sides = torch.sqrt(((all_boxes[:, 2] - all_boxes[:, 0]) * (all_boxes[:, 3] - all_boxes[:, 1])).clamp(min=0))
            level = torch.floor(4 + torch.log2(sides / 224) + 1e-6).clamp(self.finest, self.finest + len(maps) - 1)
            pooled = maps[0].new_zeros(len(all_boxes), maps[0].shape[1], *self.output_size)
            for place, own in enumerate(maps):
                rows = torch.where(level == self.finest + place)[0]
                regions = torch.cat([numbers, all_boxes], 1)[rows]
                pooled[rows] = roi_align(own, regions, self.output_size, 2.0 ** -(self.finest + place), 2, aligned=True)
            return pooled


    def detector():
        """The detector with its weights, for use."""
        sizes = tuple(tuple(level) for level in SETTINGS["anchorSizes"])
        anchors = AnchorGenerator(sizes, (tuple(SETTINGS["anchorRatios"]),) * len(sizes))
        common = {"min_size": SETTINGS["height"], "max_size": SETTINGS["width"]}
        if SETTINGS["head"] == "RetinaNet":
            model = RetinaNet(
                Backbone(), len(CLASSES), anchor_generator=anchors, score_thresh=SETTINGS["scoreFloor"],
                nms_thresh=SETTINGS["suppressionIoU"], detections_per_img=SETTINGS["mostDetections"],
                topk_candidates=SETTINGS["candidates"], **common)
        else:
            layers = SETTINGS["layers"]
            pooling = (
                AlignedPooling(layers, 7) if SETTINGS["alignsRegions"]
                else MultiScaleRoIAlign([str(i) for i in range(len(layers))], 7, 2))
            size = SETTINGS["channels"] * 49
            width = SETTINGS["headWidth"]
            model = FasterRCNN(
                Backbone(), rpn_anchor_generator=anchors, rpn_pre_nms_top_n_test=SETTINGS["candidates"],
                rpn_post_nms_top_n_test=SETTINGS["proposals"], box_roi_pool=pooling,
                box_head=torchvision.models.detection.faster_rcnn.TwoMLPHead(size, width),
                box_predictor=torchvision.models.detection.faster_rcnn.FastRCNNPredictor(width, len(CLASSES) + 1),
                box_score_thresh=SETTINGS["scoreFloor"], box_nms_thresh=SETTINGS["suppressionIoU"],
                box_detections_per_img=SETTINGS["mostDetections"], **common)
        weights = torch.load(pathlib.Path(__file__).with_name("detector.pth"), weights_only=True)
        model.load_state_dict(weights)
        return model.eval()
    """#
}
