package io.jenkins.plugins.distributedtest.originator;

import java.util.TreeSet;

/** Clusters whose listeners have answered a run of another cluster, so that a wrong name can be told from an idle broker. */
final class OtherClusters {
    /** More are not told. */
    private static final int MOST = 20;
    /** Nor the rest of a longer name, in characters. */
    private static final int LONGEST = 60;

    private final TreeSet<String> names = new TreeSet<>();
    private boolean more;

    /**
     * A listener of another cluster has answered.
     *
     * @param cluster its cluster; null or empty for the one without a name
     */
    void answered(String cluster) {
        String name = cluster == null ? "" : cluster;
        String cut = name.length() > LONGEST ? name.substring(0, LONGEST) + "…" : name;
        if (names.size() < MOST || names.contains(cut)) {
            names.add(cut);
        } else {
            more = true;
        }
    }

    /** One or two sentences for people, with a space at the end; empty if no other cluster has answered. */
    String inWords() {
        if (names.isEmpty()) {
            return "";
        }
        boolean unnamed = names.contains("");
        String named = String.join(", ", names.tailSet("", false)) + (more ? ", …" : "");
        String there = named.isEmpty()
                ? "no cluster"
                : (names.size() - (unnamed ? 1 : 0) == 1 ? "cluster " : "clusters ")
                        + named
                        + (unnamed ? " and no cluster" : "");
        return "Listeners answer there, but of " + there + ": is cluster the right one? ";
    }
}
