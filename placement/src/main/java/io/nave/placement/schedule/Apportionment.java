package io.nave.placement.schedule;

import java.util.List;
import java.util.PriorityQueue;

/// Divides a number of equal things over parts by weight: the method of Webster and Sainte-Laguë,
/// which gives one after the other to the part that has least for its weight.
///
/// Chosen because it moves least: one thing more goes to one part and takes from none; one part
/// more takes from the others and moves nothing between them. Parts that are equally due are told
/// apart by what they hold, so that who has a remainder keeps it, then by their order.
public final class Apportionment {
  /// One that gets a share.
  ///
  /// @param weight relative to the others, 0 to 2^40; with 0 it gets nothing
  /// @param most it can take
  /// @param held what it has so far
  public record Part(long weight, long most, int held) {}

  private static final long THINGS_MAX = 1L << 20;

  private final List<Part> parts;
  private final int[] given;

  private Apportionment(List<Part> parts) {
    this.parts = parts;
    this.given = new int[parts.size()];
  }

  /// What each part gets, in their order. Less than `things` together only when all that may have
  /// any are full.
  ///
  /// @param things 0 to 1,000,000
  public static int[] divide(int things, List<Part> parts) {
    var apportionment = new Apportionment(parts);
    var left = things - apportionment.start(things);
    apportionment.give(left);
    return apportionment.given;
  }

  /// Gives each part most of what it will get, by arithmetic; the rest is decided one by one.
  ///
  /// @return how many were given
  private int start(int things) {
    var low = 0.0; // a price at which too many would be given, or all there can be
    var high = parts.stream().mapToLong(Part::weight).max().orElse(0) + 1.0; // none are
    for (var round = 0; round < 60; round++) {
      var price = (low + high) / 2;
      if (parts.stream().mapToLong(part -> at(price, part)).sum() > things) {
        low = price;
      } else {
        high = price;
      }
    }
    var sum = 0;
    for (var i = 0; i < given.length; i++) {
      given[i] = (int) Math.max(0, at(high, parts.get(i)) - 1); // one less: prices are rounded
      sum += given[i];
    }
    return sum;
  }

  /// How many things a part gets when all get what is worth at least the price: its first is worth
  /// its weight, then a third of it, a fifth and so on.
  private static long at(double price, Part part) {
    var count = (long) (((double) part.weight() / price + 1) / 2);
    return Math.min(count, Math.min(part.most(), THINGS_MAX));
  }

  private void give(int things) {
    var queue = new PriorityQueue<Integer>(this::compare);
    for (var i = 0; i < given.length; i++) {
      if (open(i)) {
        queue.add(i);
      }
    }
    for (var left = things; left > 0 && !queue.isEmpty(); left--) {
      var next = queue.remove();
      given[next]++;
      if (open(next)) {
        queue.add(next);
      }
    }
  }

  /// Who is due first; the parts' weights over 2n + 1 are compared without dividing.
  private int compare(int one, int other) {
    var mine = parts.get(one).weight() * (2L * given[other] + 1);
    var theirs = parts.get(other).weight() * (2L * given[one] + 1);
    if (mine != theirs) {
      return Long.compare(theirs, mine);
    }
    var keeps = Boolean.compare(keeps(other), keeps(one));
    return keeps != 0 ? keeps : Integer.compare(one, other);
  }

  /// Whether it has now what it would be given next.
  private boolean keeps(int part) {
    return parts.get(part).held() > given[part];
  }

  private boolean open(int part) {
    return parts.get(part).weight() > 0 && given[part] < parts.get(part).most();
  }
}
