// Finds objects in an image with a file of `smnas export`, in OpenVINO; nothing of smnas is needed.
//
//     pip install openvino                        # has the headers and libraries
//     place=$(python3 -c 'import openvino, os; print(os.path.dirname(openvino.__file__))')
//     c++ -std=c++17 detect.cpp -I$place/include $(ls $place/libs/libopenvino.so*) -Wl,-rpath,$place/libs -o detect
//     ./detect detector.onnx image.ppm            # a PPM (P6) of the file's size or smaller, which any image tool writes
//
// Prints a line for each object: its class's number, its score, and its box in pixels of the image.
#include <openvino/openvino.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

struct Picture {
  size_t width = 0, height = 0;
  std::vector<uint8_t> rgb;

  explicit Picture(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    std::string kind;
    size_t most = 0;
    file >> kind >> width >> height >> most;
    if (!file || kind != "P6" || most != 255) throw std::runtime_error(path + " is no PPM of 8 bits (P6)");
    file.get();
    rgb.resize(3 * width * height);
    file.read(reinterpret_cast<char *>(rgb.data()), std::streamsize(rgb.size()));
    if (!file) throw std::runtime_error(path + " ends too early");
  }
};

int main(int count, char **words) try {
  if (count != 3) throw std::runtime_error("detect FILE.onnx IMAGE.ppm");
  ov::Core core;
  ov::CompiledModel model = core.compile_model(words[1], "CPU", ov::hint::inference_precision(ov::element::f32));
  if (model.outputs().size() != 4) throw std::runtime_error("export with suppression inside for this example");
  ov::InferRequest request = model.create_infer_request();
  ov::Tensor images = request.get_tensor("images"), sizes = request.get_tensor("sizes");
  const ov::Shape shape = images.get_shape(); // [1, 3, height, width]
  Picture picture(words[2]);
  if (images.get_element_type() != ov::element::u8 || shape[0] != 1) {
    throw std::runtime_error("export with --pixels uint8 and --batch 1 for this example");
  }
  if (picture.width > shape[3] || picture.height > shape[2]) {
    throw std::runtime_error("shrink the image to " + std::to_string(shape[3]) + "x" + std::to_string(shape[2]));
  }
  uint8_t *plane = images.data<uint8_t>();
  std::fill_n(plane, images.get_size(), uint8_t(0));
  for (size_t channel = 0; channel < 3; channel++, plane += shape[2] * shape[3]) {
    for (size_t y = 0; y < picture.height; y++) {
      for (size_t x = 0; x < picture.width; x++) {
        plane[y * shape[3] + x] = picture.rgb[3 * (y * picture.width + x) + channel];
      }
    }
  }
  sizes.data<int64_t>()[0] = int64_t(picture.height);
  sizes.data<int64_t>()[1] = int64_t(picture.width);
  request.infer();
  const float *box = request.get_tensor("boxes").data<float>();
  const float *score = request.get_tensor("scores").data<float>();
  const int64_t *label = request.get_tensor("labels").data<int64_t>();
  const int64_t found = request.get_tensor("counts").data<int64_t>()[0];
  for (int64_t i = 0; i < found; i++, box += 4) {
    std::cout << label[i] << " " << score[i] << " " << box[0] << " " << box[1] << " " << box[2] << " " << box[3] << "\n";
  }
} catch (const std::exception &error) {
  std::cerr << error.what() << "\n";
  return 1;
}
