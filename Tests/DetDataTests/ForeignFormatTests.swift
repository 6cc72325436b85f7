import Foundation
import TestSupport
import Testing

@testable import DetData

/// Files of other tools are known by their content and named, with the way out.
@Suite struct ForeignFormatTests {
  /// The beginning of a file of every format, as its tool writes it.
  static func samples(of format: ForeignFormat) -> [String] {
    switch format {
    case .cvat:
      [
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- CVAT -->\n<annotations>\n  <version>1.1</version>\n"
          + "  <image id=\"0\" name=\"a.jpg\" width=\"64\" height=\"48\"></image>\n</annotations>"
      ]
    case .kitti:
      [
        "Car 0.00 0 -1.57 599.41 156.40 629.75 189.25 2.85 2.63 12.34 0.47 1.49 69.44 -1.56\n"
          + "DontCare -1 -1 -10 503.89 169.71 590.61 190.13 -1 -1 -1 -1000 -1000 -1000 -10\n"
      ]
    case .dota:
      [
        "imagesource:GoogleEarth\ngsd:0.146\n1 2 30 2 30 40 1 40 plane 0\n",
        "1.0 2.0 30.0 2.0 30.0 40.0 1.0 40.0 small-vehicle 1\n",
      ]
    case .openImages:
      [
        "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded\n"
          + "000026e7ee790996,freeform,/m/07j7r,1,0.07,0.14,0.2,0.39,0\n"
      ]
    case .boxTable:
      [
        "filename,width,height,class,xmin,ymin,xmax,ymax\na.jpg,64,48,tree,1,2,30,40\n",
        "images/a.jpg,1,2,30,40,tree\nimages/b.jpg,5,6,7,8,tree\n",
      ]
    case .viaTable:
      [
        "#filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\n"
          + "a.jpg,100,\"{}\",1,0,\"{\"\"name\"\":\"\"rect\"\"}\",\"{}\"\n".replacingOccurrences(
            of: "#", with: "")
      ].map { $0.replacingOccurrences(of: "#", with: "") }
    default: jsonSamples(of: format)
    }
  }

  private static func jsonSamples(of format: ForeignFormat) -> [String] {
    switch format {
    case .viaJSON:
      [
        #"{"_via_settings":{"ui":{"annotation_editor_height":25},"core":{"buffer_size":18}},"_via_img_metadata":{"a.jpg100":{"filename":"a.jpg","size":100,"regions":[]}}}"#,
        #"{"a.jpg100":{"filename":"a.jpg","size":100,"regions":[{"shape_attributes":{"name":"rect","x":1,"y":2,"width":3,"height":4},"region_attributes":{"type":"tree"}}],"file_attributes":{}}}"#,
      ]
    case .labelme:
      [
        #"{"version":"5.2.1","flags":{},"shapes":[{"label":"tree","points":[[1.0,2.0],[30.0,20.0]],"group_id":null,"shape_type":"rectangle","flags":{}}],"imagePath":"a.jpg","imageData":null,"imageHeight":40,"imageWidth":60}"#
      ]
    case .labelStudio:
      [
        #"[{"id":1,"annotations":[{"id":1,"completed_by":1,"result":[{"original_width":60,"original_height":40,"value":{"x":1.5,"y":2,"width":30,"height":20,"rotation":0,"rectanglelabels":["tree"]},"type":"rectanglelabels"}]}],"data":{"image":"/data/upload/1/a.jpg"}}]"#,
        #"[{"image":"/data/upload/1/a.jpg","id":1,"label":[{"x":1,"y":2,"width":30,"height":20,"rotation":0,"rectanglelabels":["tree"],"original_width":60,"original_height":40}],"annotator":1}]"#,
      ]
    case .supervisely:
      [
        #"{"description":"","tags":[],"size":{"height":40,"width":60},"objects":[{"id":1,"classId":2,"geometryType":"rectangle","tags":[],"classTitle":"tree","points":{"exterior":[[1,2],[30,20]],"interior":[]}}]}"#,
        #"{"description":"","name":"a.jpg","size":{"width":60,"height":40},"tags":[],"objects":[]}"#,
      ]
    case .datumaro:
      [
        #"{"dm_format_version":"1.0","media_type":2,"infos":{},"categories":{"label":{"labels":[{"name":"tree","parent":"","attributes":[]}]}},"items":[]}"#,
        #"{"info":{},"categories":{"label":{"labels":[{"name":"tree","parent":"","attributes":[]}],"attributes":[]}},"items":[{"id":"a","annotations":[{"id":0,"type":"bbox","attributes":{},"group":0,"label_id":0,"z_order":0,"bbox":[1,2,30,20]}],"attr":{"frame":0},"image":{"path":"a.jpg","size":[40,60]}}]}"#,
      ]
    case .createML:
      [
        #"[{"image":"a.jpg","annotations":[{"label":"tree","coordinates":{"x":16,"y":12,"width":30,"height":20}}]}]"#
      ]
    case .geoJSON:
      [
        #"{"type":"FeatureCollection","crs":{"type":"name"},"features":[{"type":"Feature","properties":{"class":"tree"},"geometry":{"type":"Polygon","coordinates":[[[1.0,2.0],[3.0,2.0],[3.0,4.0],[1.0,2.0]]]}}]}"#
      ]
    case .cocoResults:
      [#"[{"image_id":1,"category_id":1,"bbox":[1,2,30,20],"score":0.9}]"#]
    case .cocoPanoptic:
      [
        #"{"images":[{"id":1,"file_name":"a.jpg"}],"annotations":[{"image_id":1,"file_name":"a.png","segments_info":[{"id":3226956,"category_id":1,"iscrowd":0,"bbox":[1,2,30,20],"area":600}]}],"categories":[{"id":1,"name":"tree","isthing":1}]}"#
      ]
    case .cocoCaptions:
      [
        #"{"info":{},"images":[{"id":1,"file_name":"a.jpg"}],"annotations":[{"image_id":1,"id":1,"caption":"A tree."}]}"#
      ]
    default: []
    }
  }

  @Test(arguments: ForeignFormat.allCases) func everyFormatIsKnownByItsContent(
    format: ForeignFormat
  ) throws {
    #expect(!Self.samples(of: format).isEmpty)
    for text in Self.samples(of: format) {
      let folder = try TemporaryFolder()
      let ending = text.hasPrefix("<") ? "xml" : "{[".contains(text.prefix(1)) ? "json" : "txt"
      let file = try folder.write("set/one.\(ending)", text)
      let head = try ContentHead(file)
      #expect(ForeignFormat.allCases.filter { $0.isTold(by: head) } == [format], "\(text)")
      for path in [file, folder.path, folder.path + "/set"] {
        #expect(ForeignFormat.told(at: path)?.format == format)
      }
      let marked = ContentHead(path: "x", data: Data([0xEF, 0xBB, 0xBF]) + Data(text.utf8))
      #expect(ForeignFormat.told(by: marked) == format)
    }
  }

  @Test func whatIsReadIsNotForeign() {
    for text in [
      "0 0.5 0.5 0.1 0.1\n", "tree\npalm\n", "<annotation><filename>a.jpg</filename></annotation>",
      "", "{\"images\":[]}", "0 0.1 0.1 0.2 0.1 0.2 0.2 0.1 0.2\n",
      "n01440764 tench, Tinca tinca\n",
      "ImageId,PredictionString\nILSVRC2012_val_1,n1 85 1 499 272\n",
      "names: [tree]\ntrain: images/train\n",
      #"{"images":[{"id":1}],"annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4],"caption":"x"}]}"#,
      #"[{"name":"a.jpg","labels":[{"category":"car","box2d":{"x1":1,"y1":2,"x2":3,"y2":4}}]}]"#,
      #"{"name":"a","frames":[{"timestamp":1,"objects":[{"category":"person"}]}]}"#,
      #"{"frames":[{"name":"a.jpg","attributes":{},"size":{"width":3,"height":4},"labels":[]}]}"#,
    ] {
      #expect(
        ForeignFormat.told(by: ContentHead(path: "x", data: Data(text.utf8))) == nil, "\(text)")
    }
  }

  @Test func everyFormatHasATitleAndAWayOut() {
    #expect(Set(ForeignFormat.allCases.map(\.title)).count == ForeignFormat.allCases.count)
    for format in ForeignFormat.allCases {
      let error = format.error("a.txt")
      #expect(error.kind == .foreignFormat && !error.cure.isEmpty)
      #expect("\(error)".hasPrefix("a.txt: is \(format.title), which is not read; "))
    }
  }
}
