package io.jenkins.plugins.distributedtest.compare;

import io.jenkins.plugins.distributedtest.compare.Explanation.Cause;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Finds out why a case is not the same on both sides, by experiment: its file alone, after the files that ran before it on
 * its slot, beside those that ran at the same time, by its own command in a fresh process, in the tree itself, and in the directories above it.
 */
final class Explainer {
    /** Each file takes some runs; of more files than these the first are looked into. */
    static final int MAX_FILES = 30;

    private static final Pattern JVM = Pattern.compile("\\.(java|kt|groovy|scala|class)$");

    private final Set<TestFile> suite;
    private final Collection<ComparedCase> own;
    private final Laboratory laboratory;
    private final Consumer<String> say;
    private final Map<TestFile, FileStory> stories = new LinkedHashMap<>();

    /** Runs what an experiment needs. */
    interface Laboratory {
        /** The cases of some files in a run of ours. */
        List<ComparedCase> ours(List<TestFile> files, OurRuns.Way way) throws Exception;

        /** The cases of a file by its own command, in a process of its own; null if that cannot be had. */
        List<ComparedCase> own(TestFile file) throws Exception;

        /** The files that ran before a file in its process. */
        List<TestFile> before(TestFile file);

        /** The files that ran while a file did, on other slots. */
        List<TestFile> beside(TestFile file);

        /** All cases of our run. */
        List<ComparedCase> first();

        /** The directory of a file's project. */
        String project(TestFile file);

        /** Whether there is time for another file's experiments. */
        boolean hasTime();
    }

    /**
     * @param suite the suite
     * @param own all cases of the project's own command
     * @param laboratory runs experiments
     * @param say takes what is being done
     */
    Explainer(Set<TestFile> suite, Collection<ComparedCase> own, Laboratory laboratory, Consumer<String> say) {
        this.suite = suite;
        this.own = own;
        this.laboratory = laboratory;
        this.say = say;
    }

    /**
     * Explains a difference.
     *
     * @throws Exception if an experiment cannot be made
     */
    Explanation explain(Difference difference) throws Exception {
        TestFile file = difference.file();
        if (difference.ours() == null && (file == null ? isOfAClass(difference) : !suite.contains(file))) {
            String what = file == null ? difference.either().group() : file.path();
            return new Explanation(Cause.NOT_FOUND, what, what + " was not found by the globs (files, exclude)");
        }
        if (file == null || !suite.contains(file)) {
            return new Explanation(Cause.UNKNOWN, "", "the report does not tell its file");
        }
        if (!stories.containsKey(file) && stories.size() >= MAX_FILES) {
            return new Explanation(
                    Cause.UNKNOWN, file.path(), "not looked into: more than " + MAX_FILES + " files differ");
        }
        if (!stories.containsKey(file) && !laboratory.hasTime()) {
            return new Explanation(
                    Cause.UNKNOWN, file.path(), "not looked into: the experiments before have taken all their time");
        }
        return stories.computeIfAbsent(file, FileStory::new).explain(difference);
    }

    private static boolean isOfAClass(Difference difference) {
        return difference.own().runner().equals("junit");
    }

    /** The experiments with one file; each is made once. */
    private final class FileStory {
        private final TestFile file;
        private final Map<Object, List<ComparedCase>> made = new HashMap<>();

        FileStory(TestFile file) {
            this.file = file;
            say.accept("Looking into " + file + " …");
        }

        Explanation explain(Difference difference) throws Exception {
            if (asOwn(difference, ours(List.of(file), OurRuns.Way.ONE_SLOT))) {
                return byOthers(difference);
            }
            List<ComparedCase> fresh = own();
            if (fresh != null && same(difference, fresh, ours(List.of(file), OurRuns.Way.ONE_SLOT))) {
                ComparedCase broken = broken(difference);
                if (broken != null) {
                    return new Explanation(
                            Cause.SHARES_STATE,
                            broken.file().path(),
                            "is left out by its own command, since " + broken.file()
                                    + " does not load; alone, its own command says what our run says");
                }
                if (difference.own() == null && own.stream().noneMatch(each -> file.equals(each.file()))) {
                    return new Explanation(
                            Cause.NOT_RUN,
                            file.path(),
                            "is in no result of its own command, which does not look there or is told not to run it; alone,"
                                    + " its own command says what our run says");
                }
                return new Explanation(
                        Cause.SHARES_STATE,
                        "",
                        "shares state with what its own command runs in the same process: alone, its own command says what"
                                + " our run says");
            }
            if (asOwn(difference, ours(List.of(file), OurRuns.Way.IN_PLACE))) {
                return new Explanation(
                        Cause.WORKING_DIRECTORY,
                        laboratory.project(file),
                        "needs the working directory itself, not a copy of it: something that does not travel (.git, what"
                                + " job.sync.exclude names, an absolute path)");
            }
            return byDirectory();
        }

        /** A file that does not load, for which some frameworks run no test of any file; null if there is none. */
        private ComparedCase broken(Difference difference) {
            return difference.own() != null || own.stream().anyMatch(each -> file.equals(each.file()))
                    ? null
                    : own.stream()
                            .filter(each -> each.name().equals(CaseFiles.WHOLE)
                                    && each.status().isBad())
                            .filter(each -> each.file() != null
                                    && each.runner().equals(difference.either().runner()))
                            .findFirst()
                            .orElse(null);
        }

        /** Alone it is as in its own command. */
        private Explanation byOthers(Difference difference) throws Exception {
            return new OtherFiles(file, laboratory.before(file), laboratory.beside(file), new WithOthers(difference))
                    .explain();
        }

        /** The experiments with other files. */
        private final class WithOthers implements OtherFiles.Experiments {
            private final Difference difference;

            WithOthers(Difference difference) {
                this.difference = difference;
            }

            @Override
            public boolean differs(List<TestFile> files) throws Exception {
                return !asOwn(difference, ours(files, OurRuns.Way.ONE_SLOT));
            }

            @Override
            public boolean clash(List<TestFile> files) throws Exception {
                List<ComparedCase> now = ours(files, OurRuns.Way.USUAL);
                return !asOwn(difference, now)
                        || files.stream()
                                .filter(each -> outcomes(own, each).equals(outcomes(laboratory.first(), each)))
                                .anyMatch(each -> !outcomes(own, each).equals(outcomes(now, each)));
            }
        }

        private Explanation byDirectory() throws Exception {
            if (isBuilt()) {
                return new Explanation(Cause.UNKNOWN, "", "differs alone, too");
            }
            String path = file.path();
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                String directory = path.substring(0, slash);
                if (!directory.equals(laboratory.project(file)) && isAsOwnIn(directory)) {
                    return new Explanation(
                            Cause.WORKING_DIRECTORY,
                            directory,
                            "needs the working directory " + directory + " (\"projects\": [\"" + directory + "\"])");
                }
            }
            if (!laboratory.project(file).isEmpty() && isAsOwnIn("")) {
                return new Explanation(
                        Cause.WORKING_DIRECTORY,
                        ".",
                        "needs the root of the tree as working directory (\"projects\": [])");
            }
            return new Explanation(Cause.UNKNOWN, "", "differs alone, too, and in each directory");
        }

        /** A build itself says in which directory its tests run. */
        private boolean isBuilt() {
            return own.stream().anyMatch(each -> each.runner().equals("junit"))
                    && JVM.matcher(file.path()).find();
        }

        /** Whether all of the file is as in its own command; names of classes may tell the directory. */
        private boolean isAsOwnIn(String directory) throws Exception {
            List<String> wanted = outcomes(own, file);
            try {
                List<ComparedCase> found = ours(List.of(file), OurRuns.Way.in(directory));
                return !wanted.isEmpty() && wanted.equals(outcomes(found, file));
            } catch (CompareException e) {
                return false; // its framework does not even start there
            }
        }

        private static List<String> outcomes(Collection<ComparedCase> cases, TestFile file) {
            return cases.stream()
                    .filter(each -> file.equals(each.file()))
                    .map(each -> CaseKeys.withoutModule(each) + "\0" + each.outcome())
                    .sorted()
                    .toList();
        }

        private List<ComparedCase> ours(List<TestFile> files, OurRuns.Way way) throws Exception {
            Object key = List.of(files, way);
            if (!made.containsKey(key)) {
                made.put(key, laboratory.ours(files, way));
            }
            return made.get(key);
        }

        private List<ComparedCase> own() throws Exception {
            if (!made.containsKey("own")) {
                made.put("own", laboratory.own(file));
            }
            return made.get("own");
        }

        /** Whether the case is in other cases as its own command has it. */
        private boolean asOwn(Difference difference, List<ComparedCase> others) {
            return same(difference, own, others);
        }

        private boolean same(Difference difference, Collection<ComparedCase> left, Collection<ComparedCase> right) {
            return Matching.of(alike(difference, left), alike(difference, right))
                    .differences()
                    .isEmpty();
        }

        /** Cases of this file, or of no known one, that have the name of a case. */
        private List<ComparedCase> alike(Difference difference, Collection<ComparedCase> cases) {
            ComparedCase wanted = difference.either();
            var key = CaseKeys.of(wanted.runner()).get(0).of();
            String name = key.apply(wanted);
            return cases.stream()
                    .filter(each -> each.runner().equals(wanted.runner()))
                    .filter(each -> each.file() == null || each.file().equals(file) || !suite.contains(each.file()))
                    .filter(each -> key.apply(each).equals(name))
                    .toList();
        }
    }
}
