package bench;

import java.util.Map;

/** How a suite of a framework looks, and what this project is told of it. */
enum Framework {
    RSPEC(
            "spec/f_INDEX_spec.rb",
            "RSpec.describe 'File INDEX' do\nCASESend\n",
            "  it('NAME') { sleep SECONDS }\n",
            "  it('NAME') { raise 'on purpose' }\n",
            "  xit('NAME') { sleep SECONDS }\n",
            Map.of("distributed-test.json", "{\"files\": [\"spec/**/*_spec.rb\"]}\n")),
    MINITEST(
            "test/f_INDEX_test.rb",
            "require 'minitest/autorun'\nclass TestINDEX < Minitest::Test\nCASESend\n",
            "  def test_NAME; sleep SECONDS; end\n",
            "  def test_NAME; flunk 'on purpose'; end\n",
            "  def test_NAME; skip 'on purpose'; end\n",
            Map.of("distributed-test.json", "{\"files\": [\"test/**/*_test.rb\"]}\n")),
    PYTEST(
            "tests/test_INDEX.py",
            "import time\nimport pytest\n\n\nCASES",
            "def test_NAME():\n    time.sleep(SECONDS)\n\n\n",
            "def test_NAME():\n    assert False\n\n\n",
            "@pytest.mark.skip\ndef test_NAME():\n    pass\n\n\n",
            Map.of("distributed-test.json", "{\"files\": [\"tests/test_*.py\"]}\n", "pytest.ini", "[pytest]\n")),
    NODE(
            "test/f_INDEX.test.js",
            "const test = require('node:test');\nconst wait = s => new Promise(r => setTimeout(r, s * 1000));\nCASES",
            "test('NAME', async () => { await wait(SECONDS); });\n",
            "test('NAME', () => { throw new Error('on purpose'); });\n",
            "test('NAME', { skip: true }, () => {});\n",
            Map.of(
                    "distributed-test.json",
                    "{\"files\": [\"test/*.test.js\"]}\n",
                    "package.json",
                    "{\"private\": true}\n")),
    JEST(
            "test/f_INDEX.test.js",
            "const wait = s => new Promise(r => setTimeout(r, s * 1000));\nCASES",
            "test('NAME', async () => { await wait(SECONDS); });\n",
            "test('NAME', () => { throw new Error('on purpose'); });\n",
            "test.skip('NAME', () => {});\n",
            Map.of(
                    "distributed-test.json",
                    "{\"files\": [\"test/*.test.js\"]}\n",
                    "package.json",
                    "{\"private\": true, \"scripts\": {\"test\": \"jest\"}, \"jest\": {}}\n")),
    JUNIT(
            "src/test/java/FINDEXTest.java",
            "import org.junit.jupiter.api.*;\nclass FINDEXTest {\nCASES}\n",
            "    @Test void NAME() throws Exception { Thread.sleep((long) (1000 * SECONDS)); }\n",
            "    @Test void NAME() { Assertions.fail(\"on purpose\"); }\n",
            "    @Disabled @Test void NAME() {}\n",
            Map.of("distributed-test.json", "{}\n", "pom.xml", pom()));

    private final String file;
    private final String frame;
    private final String passes;
    private final String fails;
    private final String skips;
    private final Map<String, String> project;

    Framework(String file, String frame, String passes, String fails, String skips, Map<String, String> project) {
        this.file = file;
        this.frame = frame;
        this.passes = passes;
        this.fails = fails;
        this.skips = skips;
        this.project = project;
    }

    /** The path of a file of the suite, with INDEX for its number. */
    String file() {
        return file;
    }

    /** What is in it, with CASES for its cases. */
    String frame() {
        return frame;
    }

    /** A case, with NAME and SECONDS. */
    String template(String outcome) {
        return outcome.equals("passed") ? passes : outcome.equals("failed") ? fails : skips;
    }

    /** The other files of a project. */
    Map<String, String> project() {
        return project;
    }

    private static String pom() {
        return """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>bench</groupId><artifactId>bench</artifactId><version>1</version>
                  <properties>
                    <maven.compiler.release>17</maven.compiler.release>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  </properties>
                  <dependencies><dependency>
                    <groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.14.1</version>
                    <scope>test</scope>
                  </dependency></dependencies>
                  <build><plugins><plugin>
                    <artifactId>maven-surefire-plugin</artifactId><version>3.5.4</version>
                  </plugin></plugins></build>
                </project>
                """;
    }
}
