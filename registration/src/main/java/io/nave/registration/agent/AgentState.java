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

  /// The hub cannot be reached.
  record HubUnreachable(String why) implements AgentState {}

  /// What answers is not the hub that the CA stands for.
  record HubUntrusted(String why) implements AgentState {}

  /// The hub refused something else; the agent tries again.
  record Refused(String why) implements AgentState {}

  /// The agent's own machine is at fault: disk, clock, settings.
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
      case HubUnreachable(var why) -> "the hub cannot be reached: " + why;
      case HubUntrusted(var why) ->
          "the hub is not the one the given CA stands for; check address and CA: " + why;
      case Refused(var why) -> "refused by the hub: " + why;
      case Faulty(var why) -> "the agent cannot go on: " + why;
    };
  }

  /// Whether someone should look at it.
  default boolean trouble() {
    return switch (this) {
      case Connecting _, WaitingForAcceptance _, Joined _ -> false;
      case Denied _, TokenRejected _, TokenExpired _ -> true;
      case HubUnreachable _, HubUntrusted _, Refused _, Faulty _ -> true;
    };
  }
}
