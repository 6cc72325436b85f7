import Testing

@testable import DetTeam

/// What the variables of launchers mean.
@Suite struct TeamPlaceTests {
  private let torchrun = [
    "RANK": "3", "WORLD_SIZE": "4", "LOCAL_RANK": "1", "MASTER_ADDR": "node1",
    "MASTER_PORT": "29500",
  ]
  private let slurm = [
    "SLURM_PROCID": "2", "SLURM_STEP_NUM_TASKS": "4", "SLURM_LOCALID": "0",
    "SLURM_STEP_NODELIST": "gpu[007-009,12],login", "SLURM_JOB_ID": "4711", "SLURM_STEP_ID": "1",
  ]

  @Test func torchrunSaysWhoAndWhere() throws {
    let place = try TeamPlace(environment: torchrun)
    #expect(
      place == TeamPlace(rank: 3, count: 4, address: "node1", port: 29500, localRank: 1))
  }

  @Test func theTeamMeetsBesideALaunchersOwnStore() throws {
    let variables = torchrun.merging(
      ["TORCHELASTIC_USE_AGENT_STORE": "True", "TORCHELASTIC_RUN_ID": "abc"]) { $1 }
    let place = try TeamPlace(environment: variables)
    #expect(place?.port == 29501 && place?.run == "abc")
  }

  @Test func aStepOfSlurmSaysWhoAndWhere() throws {
    let place = try TeamPlace(environment: slurm)
    #expect(
      place
        == TeamPlace(
          rank: 2, count: 4, address: "gpu007", port: 20_000 + (4711 * 8 + 1) % 12_000,
          localRank: 0, run: "4711.1"))
  }

  @Test func aProcessLearnsItsLocalPlaceFromItsVariables() throws {
    for place in try TeamPlace.local(3, run: "r") {
      #expect(try TeamPlace(environment: place.environment) == place)
    }
  }

  @Test func addressAndPortOverrideSlurms() throws {
    let place = try TeamPlace(
      environment: slurm.merging(["MASTER_ADDR": "here", "MASTER_PORT": "5"]) { $1 })
    #expect(place?.address == "here" && place?.port == 5)
  }

  @Test func oneProcessIsAlone() throws {
    #expect(try TeamPlace(environment: [:]) == nil)
    #expect(try TeamPlace(environment: ["RANK": "0", "WORLD_SIZE": "1"]) == nil)
    // A batch script has tasks to give out, and is no step of its own.
    #expect(try TeamPlace(environment: ["SLURM_PROCID": "0", "SLURM_NTASKS": "4"]) == nil)
    #expect(
      try TeamPlace(
        environment: slurm.merging(["SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0"]) { $1 })
        == nil)
  }

  @Test(arguments: [
    ("RANK", "4", "the variable RANK is \"4\"; it should be a number from 0 to 3"),
    ("RANK", "", "the variable RANK is missing; the launcher of the team (torchrun, srun) sets it"),
    (
      "WORLD_SIZE", "many",
      "the variable WORLD_SIZE is \"many\"; it should be a number from 1 to 4096"
    ),
    (
      "MASTER_PORT", "70000",
      "the variable MASTER_PORT is \"70000\"; it should be a number from 1 to 65534"
    ),
    (
      "MASTER_ADDR", "",
      "the variable MASTER_ADDR is missing; the launcher of the team (torchrun, srun) sets it"
    ),
  ])
  func aWrongVariableIsNamed(_ name: String, _ value: String, _ words: String) {
    let error = #expect(throws: TeamError.self) {
      try TeamPlace(environment: torchrun.merging([name: value]) { $1 })
    }
    #expect(error?.description == words)
  }

  @Test(
    arguments: [
      ("node1", "node1"), ("node1,node2", "node1"), ("a-[3,5]", "a-3"), ("a[08-11]b[1-2]", "a08b1"),
      ("a.b.example,c", "a.b.example"), ("", nil), ("a[3", nil), ("a b", nil),
    ] as [(String, String?)])
  func theFirstMachineOfAList(_ list: String, _ first: String?) {
    #expect(HostList.first(of: list) == first)
  }
}
