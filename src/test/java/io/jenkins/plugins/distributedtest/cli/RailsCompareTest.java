package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Applications of Rails without a configuration: what runs is what {@code rails test} and {@code rspec} run, and each
 * worker has databases of its own.
 */
class RailsCompareTest extends CompareFixture {
    /** Rows of one test in another's database would change its count. */
    private static final String ROWS = """
            Product.delete_all
            25.times { Product.create!(name: 'mine') }
            """;

    @BeforeEach
    void writeApplication() throws Exception {
        needs(
                "ruby",
                "-e",
                "require 'rails'; require 'sqlite3'; require 'active_record'; require 'rails/test_unit/runner'");
        write("bin/rails", """
                #!/usr/bin/env ruby
                require 'pathname' # as config/boot.rb has it, by Bundler
                APP_PATH = File.expand_path('../config/application', __dir__)
                require 'rails/commands'
                """);
        assertThat(project.resolve("bin/rails").toFile().setExecutable(true)).isTrue();
        write("Rakefile", "require_relative 'config/application'\nRails.application.load_tasks\n");
        write("config/application.rb", """
                require 'rails'
                require 'active_record/railtie'
                require 'action_controller/railtie'
                require "rails/test_unit/railtie"
                class Shop < Rails::Application
                  config.load_defaults 6.0
                  config.eager_load = false
                  config.logger = Logger.new(nil)
                end
                """);
        write("config/environment.rb", "require_relative 'application'\nRails.application.initialize!\n");
        write("config/database.yml", "test:\n  adapter: sqlite3\n  database: db/test.sqlite3\n  timeout: 20000\n");
        write(
                "db/schema.rb",
                "ActiveRecord::Schema.define(version: 0) { create_table(:products) { |t| t.string :name } }\n");
        write("app/models/product.rb", "class Product < ActiveRecord::Base\nend\n");
    }

    private void writeTests(String helper) throws IOException {
        write("test/test_helper.rb", """
                ENV['RAILS_ENV'] ||= 'test'
                require_relative '../config/environment'
                require 'rails/test_help'
                class ActiveSupport::TestCase
                  self.use_transactional_tests = false
                %s
                end
                """.formatted(helper));
        for (String name : new String[] {"a", "b"}) {
            write("test/models/%s_test.rb".formatted(name), """
                    require 'test_helper'
                    class %sTest < ActiveSupport::TestCase
                      10.times do |i|
                        test "has #{i} alone" do
                    %s
                          assert_equal 25, Product.count
                        end
                      end
                      test('environment') { assert Rails.env.test? }
                      test('fails') { flunk }
                    end
                    """.formatted(name.toUpperCase(Locale.ROOT), ROWS));
        }
        write("test/system/trap_test.rb", "raise 'rails test does not run this'\n");
    }

    @Test
    void workersAreWhatRailsMakesOfItsProcesses() throws Exception {
        writeTests("""
                  parallelize(workers: 2)
                  parallelize_setup { |number| $number = number }
                """);
        write("test/models/c_test.rb", """
                require 'test_helper'
                class CTest < ActiveSupport::TestCase
                  test 'the database is of this process' do
                    assert_match(/test.sqlite3-#{$number}\\z/, ActiveRecord::Base.connection_db_config.database)
                  end
                end
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(23, 2, 0);
        assertThat(said.toString()).contains("bin/rails test");
    }

    @Test
    void whatFailsWhenAWorkerIsTornDownFailsTheRun() throws Exception {
        writeTests("  parallelize(workers: 2)\n  parallelize_teardown { |number| raise \"torn down: #{number}\" }\n");

        int code = execute("run", "--local=2", "-C", project.toString());

        assertThat(code).as(said::toString).isEqualTo(ExitCode.FAILURES);
        assertThat(said.toString()).contains("torn down: 0", "torn down: 1");
    }

    @Test
    void applicationsThatDoNotAskForProcessesHaveDatabasesForWorkersToo() throws Exception {
        writeTests("");

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(22, 2, 0);

        assertThat(compare("test/models/b_test.rb")).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(11, 1, 0);
    }

    @Test
    void specsHaveDatabasesForWorkers() throws Exception {
        needs("rspec", "--version");
        write(".rspec", "--require spec_helper\n");
        write("spec/spec_helper.rb", "RSPEC = 1\n");
        write("spec/rails_helper.rb", """
                ENV['RAILS_ENV'] ||= 'test'
                require File.expand_path('../config/environment', __dir__)
                ActiveRecord::Migration.maintain_test_schema!
                """);
        for (String name : new String[] {"a", "b"}) {
            write("spec/models/%s_spec.rb".formatted(name), """
                    require 'rails_helper'
                    RSpec.describe Product do
                      10.times do |i|
                        it "has #{i} alone" do
                    %s
                          expect(Product.count).to eq 25
                        end
                      end
                    end
                    """.formatted(ROWS));
        }

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(20, 0, 0);
    }

    @Test
    void whatCallbacksHaveSetUpIsLeftAlone() throws Exception {
        writeTests("");
        write("gorgon.json", """
                {"job": {"callbacks": {"callbacks_class_file": "config/gorgon_callbacks.rb"}}}
                """);
        write("config/gorgon_callbacks.rb", """
                require 'gorgon'
                class Callbacks < Gorgon::DefaultCallbacks
                  def before_start
                    ActiveRecord::Base.establish_connection(adapter: 'sqlite3', database: "db/own#{ENV['GORGON_WORKER_ID']}.sqlite3")
                    load 'db/schema.rb'
                  end
                end
                Gorgon.callbacks = Callbacks.new
                """);
        write("test/models/c_test.rb", """
                require 'test_helper'
                class CTest < ActiveSupport::TestCase
                  test 'the database is that of the callback' do
                    number = ENV['GORGON_WORKER_ID']
                    assert_includes(ActiveRecord::Base.connection_db_config.database, "own#{number}") if number
                  end
                end
                """);

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);

        isEqual(23, 2, 0);
    }

    @Test
    void initLeavesTheFilesToRails() throws Exception {
        writeTests("");

        int code = execute("init", "-C", project.toString());

        assertThat(code).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("Each run asks which files `rails test` would run");
    }
}
