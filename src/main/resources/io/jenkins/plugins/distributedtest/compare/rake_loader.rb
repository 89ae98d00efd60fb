# frozen_string_literal: true

# ruby rake_loader.rb FILES... OPTIONS...: what rake's own loader does, which takes for a file what begins with no "-";
# then the framework reports.
ARGV.replace(
  ARGV.select do |argument|
    next true if argument.start_with?('-')

    argument.include?('*') ? Dir[argument].sort.each { |file| require File.expand_path(file) } : require(File.expand_path(argument))
    false
  end
)
require_relative 'ruby_reports'
