import DetBasics
import DetSearch
import DetSpec
import Testing

@testable import DetExecution

/// What a trial's job says of the weights that its backbone starts from.
struct TrialJobTests {
  private func job(_ design: String, _ weights: BackboneWeights?) throws -> TrialJob {
    var plan = try JSON.decode(
      Plan.self,
      from: #"{ "data": { "train": {}, "validation": {} }, "structural": { "recipe": "small" } }"#,
      source: "plan")
    plan.structural?.weights = weights
    let suggestion = Suggestion(
      id: 1, stage: .structural, pick: nil, step: 1, design: try DetectorDesign(text: design),
      origin: .random)
    return TrialJob(
      Trial(suggestion: suggestion, seed: 1, known: 0), plan: plan, backbones: [:], folder: nil,
      device: "cpu",
      threads: 1, isAgain: false, dataState: nil)
  }

  @Test func eachBackboneStartsFromItsOwnFile() throws {
    var weights = BackboneWeights()
    weights.files["resnet18"] = BackboneFile(path: "/w/r18.pth", fingerprint: "0123456789abcdef")
    weights.allowsScratch = true
    let own = try job("512x512 | resnet18 | fpn P1-P5 256 | rpn | rcnn", weights)
    #expect(own.recipe.pretrained == "/w/r18.pth")
    #expect(own.weightsFingerprint == "0123456789abcdef")
    #expect(try JSON.decode(TrialJob.self, from: JSON.text(own), source: "job") == own)
    for (design, weights) in [
      ("512x512 | resnet34 | fpn P1-P5 256 | rpn | rcnn", weights),
      ("512x512 | resnet18 | fpn P1-P5 256 | rpn | rcnn", nil),
    ] {
      let scratch = try job(design, weights)
      #expect(scratch.recipe.pretrained == nil && scratch.weightsFingerprint == nil)
      #expect(try !JSON.text(scratch).contains("weightsFingerprint"))
    }
  }

  @Test func theRatesOfAJobAreThoseThatAreUsedForItsBatch() throws {
    let plan = try JSON.decode(
      Plan.self,
      from: """
        { "data": { "train": {}, "validation": {} }, "structural": {},
          "modular": { "recipe": { "extends": "modular", "batch": 16 } } }
        """, source: "plan")
    for stage in plan.stages {
      let suggestion = Suggestion(
        id: 1, stage: stage, pick: nil, step: 1,
        design: try DetectorDesign(text: "512x512 | resnet18 | fpn P1-P5 256 | rpn | rcnn"),
        origin: .random)
      let job = TrialJob(
        Trial(suggestion: suggestion, seed: 1, known: 0), plan: plan, backbones: [:], folder: nil,
        device: "cpu",
        threads: 1, isAgain: false, dataState: nil)
      let recipe = try #require(plan.recipe(of: stage))
      #expect(recipe.learningRate.atBatch != recipe.batch, "the test needs rates to scale")
      #expect(job.recipe.learningRate == recipe.usedRates)
      #expect(job.recipe.learningRate.atBatch == job.recipe.batch)
      #expect(job.recipe.usedRates == recipe.usedRates)
    }
  }
}
