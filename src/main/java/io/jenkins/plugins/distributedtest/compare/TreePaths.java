package io.jenkins.plugins.distributedtest.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Paths in the names of cases: a suite that makes its tests from files may name them by where these lie, which is not the
 * same place on both sides.
 */
final class TreePaths {
    private final Pattern trees;

    /**
     * @param tree the tree
     * @param copies where copies of it lie, as {@link OurRuns#copies} tells
     * @throws IOException if the tree is not there
     */
    TreePaths(Path tree, Path copies) throws IOException {
        List<Path> places = List.of(tree.toRealPath(), tree);
        trees = Pattern.compile(Stream.concat(
                        places.stream().distinct().map(place -> Pattern.quote(place.toString())),
                        Stream.of(Pattern.quote(copies + "/") + "[^/\\s]+/tree"))
                .collect(Collectors.joining("|", "(?:", ")(?![\\p{L}\\p{N}_.-])")));
    }

    /** The case with {@code .} in place of the tree, in group and name. */
    ComparedCase plain(ComparedCase each) {
        return each.called(plain(each.group()), plain(each.name()));
    }

    private String plain(String text) {
        return text.indexOf('/') < 0 ? text : trees.matcher(text).replaceAll(".");
    }
}
