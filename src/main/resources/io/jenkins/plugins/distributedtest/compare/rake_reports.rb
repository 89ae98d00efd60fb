# frozen_string_literal: true

# Loaded into rake: has its tasks of tests start Ruby as they do, with our reporters.
require 'rake'
require 'rake/testtask'
begin
  require 'minitest/test_task'
rescue LoadError
  nil # a Minitest without that task
end

# Around the tasks' ways to make Ruby's command line.
module DistributedTestRake
  LINES = "-r \"#{__dir__}/report_lines.rb\""

  # Rake's own task.
  module OfRake
    def run_code
      "#{LINES} \"#{__dir__}/rake_loader.rb\""
    end
  end

  # Minitest's task.
  module OfMinitest
    def make_test_cmd(*)
      super.sub(" -e '", " #{LINES} -e '").sub("' -- ", "; require \"#{__dir__}/ruby_reports\"' -- ")
    end
  end

  Rake::TestTask.prepend(OfRake)
  Minitest::TestTask.prepend(OfMinitest) if defined?(Minitest::TestTask)
end
