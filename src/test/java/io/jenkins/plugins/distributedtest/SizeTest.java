package io.jenkins.plugins.distributedtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is shipped is made of small parts: classes fit into 300 lines, and methods into 40. What is larger is listed here by name: nothing is to be added, and
 * an entry that is no longer needed fails too, so that the lists only get shorter.
 */
class SizeTest {
    private static final int CLASS = 300;
    private static final int METHOD = 40;

    private static final Set<String> LARGE_CLASSES = Set.of("DistributedTestStep", "GorgonMessage", "Keys", "Manifest");

    private static final Set<String> LONG_METHODS =
            Set.of("GitFetch.checkOut", "Keys.run", "Keys.sync", "WarmUpCommand.runOnce");

    private static final Set<String> classes = new TreeSet<>();
    private static final Set<String> methods = new TreeSet<>();
    private static int read;

    @BeforeAll
    static void measure() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(sources()));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                read++;
                new Ruler(unit, positions).scan(unit, null);
            }
        }
    }

    private static List<Path> sources() {
        List<Path> sources = new ArrayList<>();
        for (String tree : List.of("main", "junit-runner")) {
            try (Stream<Path> all = Files.walk(Path.of("src", tree, "java"))) {
                all.filter(each -> each.toString().endsWith(".java")).forEach(sources::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sources;
    }

    /** Notes what is too large. A class's lines are those of the outermost one, with its Javadoc left out. */
    private static final class Ruler extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions positions;

        Ruler(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (getCurrentPath().getParentPath().getLeaf() == unit && lines(type) > CLASS) {
                classes.add(type.getSimpleName().toString());
            }
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            if (lines(method) > METHOD) {
                Path file = Path.of(unit.getSourceFile().toUri());
                methods.add(file.getFileName().toString().replace(".java", "") + "." + method.getName());
            }
            return super.visitMethod(method, null);
        }

        private long lines(Tree tree) {
            LineMap map = unit.getLineMap();
            return map.getLineNumber(positions.getEndPosition(unit, tree))
                    - map.getLineNumber(positions.getStartPosition(unit, tree))
                    + 1;
        }
    }

    @Test
    void classesFitInto300Lines() {
        assertThat(read).isGreaterThan(300);
        assertThat(classes)
                .as("classes of more than " + CLASS + " lines: split what is new, and strike what has become small")
                .containsExactlyInAnyOrderElementsOf(LARGE_CLASSES);
    }

    @Test
    void methodsFitInto40Lines() {
        assertThat(methods)
                .as("methods of more than " + METHOD + " lines: split what is new, and strike what has become short")
                .containsExactlyInAnyOrderElementsOf(LONG_METHODS);
    }
}
