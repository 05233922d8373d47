package io.nave.registration.agent;

/// Where an agent stands with its hub; one line for people each.
public sealed interface AgentState {
  /// It has begun to talk to the hub.
  record Connecting(String hubUrl) implements AgentState {}

  /// It asked to join; an administrator has to accept the cluster.
  record WaitingForAcceptance(String cluster) implements AgentState {}

  /// Its cluster is managed.
  record Joined(String cluster) implements AgentState {}

  /// The hub said no: its request was refused, or its cluster is no longer accepted.
  record Denied(String why) implements AgentState {}

  /// The hub does not know the bootstrap token, or there is none.
  record TokenRejected(String why) implements AgentState {}

  /// The bootstrap token's time is over.
  record TokenExpired(String why) implements AgentState {}

  /// The bootstrap token is known, and gives no right to what this cluster asks for.
  record TokenForbids(String why) implements AgentState {}

  /// The hub cannot be reached.
  record HubUnreachable(String why) implements AgentState {}

  /// What answers is not the hub that the CA stands for.
  record HubUntrusted(String why) implements AgentState {}

  /// The hub gives this agent no rights: its cluster was removed there, or never let in.
  record NoRights(String why) implements AgentState {}

  /// This machine's clock, or the hub's, is wrong.
  record ClockWrong(String why) implements AgentState {}

  /// The hub refused something else; the agent tries again.
  record Refused(String why) implements AgentState {}

  /// The agent's own machine is at fault: disk, settings.
  record Faulty(String why) implements AgentState {}

  /// What a person needs to know and to do.
  default String line() {
    return switch (this) {
      case Connecting(var url) -> "connecting to the hub " + url;
      case WaitingForAcceptance(var cluster) ->
          "cluster %s waits to be accepted; on the hub: nave accept %s".formatted(cluster, cluster);
      case Joined(var cluster) -> "cluster " + cluster + " is managed by the hub";
      case Denied(var why) -> "denied by the hub: " + why;
      case TokenRejected(var why) ->
          "the hub rejects the bootstrap token (%s); get a new one: nave get token".formatted(why);
      case TokenExpired(var why) ->
          "the bootstrap token has expired (%s); get a new one: nave get token".formatted(why);
      case TokenForbids(var why) ->
          "the bootstrap token does not allow this (%s); get one that does: nave get token, with"
                  .formatted(why)
              + " --cluster and --cluster-set as this cluster needs them";
      case HubUnreachable(var why) -> "the hub cannot be reached: " + why;
      case HubUntrusted(var why) ->
          "the hub is not the one the given CA stands for; check address and CA: " + why;
      case NoRights(var why) -> "the hub gives this agent no rights: " + why;
      case ClockWrong(var why) -> "the clocks disagree: " + why;
      case Refused(var why) -> "refused by the hub: " + why;
      case Faulty(var why) -> "the agent cannot go on: " + why;
    };
  }

  /// Whether someone should look at it.
  default boolean trouble() {
    return switch (this) {
      case Connecting _, WaitingForAcceptance _, Joined _ -> false;
      case Denied _, TokenRejected _, TokenExpired _, TokenForbids _ -> true;
      case HubUnreachable _, HubUntrusted _, Refused _, Faulty _ -> true;
      case NoRights _, ClockWrong _ -> true;
    };
  }

  /// What stands in the way, as one of a few words.
  default Cause cause() {
    return switch (this) {
      case Connecting _, Joined _ -> Cause.NONE;
      case WaitingForAcceptance _ -> Cause.NOT_ACCEPTED;
      case Denied _ -> Cause.DENIED;
      case TokenRejected _, TokenExpired _, TokenForbids _ -> Cause.TOKEN;
      case HubUnreachable(var why) -> why.contains("cannot be resolved") ? Cause.DNS : Cause.TCP;
      case HubUntrusted _ -> Cause.TLS;
      case NoRights _ -> Cause.RIGHTS;
      case ClockWrong _ -> Cause.CLOCK;
      case Refused _ -> Cause.HUB;
      case Faulty _ -> Cause.AGENT;
    };
  }

  /// Where to look.
  enum Cause {
    NONE("nothing", "nothing to do"),
    DNS("DNS", "check the hub's name in the bootstrap kubeconfig and this machine's name servers"),
    TCP("TCP", "check that the hub runs, its address and port, and firewalls on the way"),
    TLS("TLS", "take the hub's present CA: nave get token -o kubeconfig; check the address"),
    CLOCK("clock", "set this machine's clock (NTP), then look again"),
    TOKEN("token", "get a new one on the hub: nave get token -o kubeconfig"),
    NOT_ACCEPTED("not accepted", "on the hub: nave accept NAME"),
    DENIED("denied", "ask an administrator of the hub why; to let it in again: nave accept NAME"),
    RIGHTS(
        "rights",
        "on the hub: kubectl get managedcluster NAME; to join again, start the agent"
            + " anew with a fresh token"),
    HUB("the hub", "look at the hub's log; the agent tries again by itself"),
    AGENT("the agent's machine", "look at the disk and the settings named above");

    private final String word;
    private final String remedy;

    Cause(String word, String remedy) {
      this.word = word;
      this.remedy = remedy;
    }

    /// For people and programs; one of a closed set.
    public String word() {
      return word;
    }

    /// What to do about it.
    ///
    /// @param cluster the cluster's name, where the remedy names it
    public String remedy(String cluster) {
      return remedy.replace("NAME", cluster);
    }
  }
}
